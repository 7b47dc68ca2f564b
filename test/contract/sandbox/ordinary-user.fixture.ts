import { BubblewrapProvider, type SandboxLimits } from '@libs/sandbox';

const [workspacesRoot] = process.argv.slice(2);
if (workspacesRoot === undefined) throw new Error('usage: ordinary-user <root>');

const provider = new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' });

/** The output of one call in a session of its own, or its status where it is not `ok`. */
async function tell(code: string, limits: Partial<SandboxLimits> = {}): Promise<string> {
  const session = await provider.acquire({ workspaceId: 'w', tenantId: 't', limits });
  let output = '';
  for await (const event of session.run(code, { timeoutMs: 20_000 })) {
    if (event.type === 'stdout') output += event.text;
    if (event.type === 'done' && event.status !== 'ok') output = event.status;
  }
  await session.dispose();
  return output.trim();
}

const FILL = `
n = 0
while True:
    n += 1
    open(f"/mnt/data/{n}", "wb").write(bytes(1 << 20))
`;
/** In children of a thread, which Linux lists apart from those of the first. */
const HOARD = `
import os, threading, time
def start():
    for _ in range(6):
        if os.fork() == 0:
            hoard = bytearray(b"x" * (200 << 20))
            time.sleep(20)
            os._exit(0)
    time.sleep(20)
threading.Thread(target=start, daemon=True).start()
time.sleep(20)
`;
const FORKS = `
import os, time
n = 0
try:
    while n < 200:
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
        n += 1
except OSError: pass
print(n < 100)
`;
const report = {
  uid: process.getuid?.(),
  probe: await provider.probe(),
  hello: await tell('print("hello")'),
  host: await tell('import os\nprint(os.path.exists("/home") or os.path.exists("/etc/passwd"))'),
  disk: await tell(FILL, { maxWorkspaceBytes: 50 << 20 }),
  memory: await tell(HOARD),
  processes: await tell(FORKS, { maxProcesses: 30 }),
};
await provider.close();
process.stdout.write(JSON.stringify(report));
