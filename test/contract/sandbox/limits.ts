import { acquire, content, runCode, type SandboxFixture, type SandboxTraits } from './sandbox-fixture.js';

const MEGABYTE = 1024 * 1024;
/** The children hold their memory for 20 seconds, on top of what a busy machine needs to start them. */
const OVERCOMMIT_PATIENCE_MS = 120_000;
const FILL_DISK = `
import os, time
n = 0
while True:
    n += 1
    with open(f"/mnt/data/fill-{n}", "wb") as f: f.write(os.urandom(1 << 20))
    time.sleep(0.01)
`;

export function describeLimits(fixture: () => SandboxFixture, traits: SandboxTraits): void {
  describe('limits', () => {
    it('bound the bytes of a workspace', async () => {
      const session = await acquire(fixture(), { maxWorkspaceBytes: 16 * MEGABYTE });
      expect((await runCode(session, FILL_DISK, { timeoutMs: 20_000 })).done.status).toBe('disk_limit');
      const held = (await session.listFiles()).reduce((sum, file) => sum + file.bytes, 0);
      expect(held).toBeGreaterThan(4 * MEGABYTE);
      expect(held).toBeLessThan(64 * MEGABYTE);
      await session.dispose();
    });

    it('bound the number of its files', async () => {
      const session = await acquire(fixture(), { maxWorkspaceFiles: 50 });
      const code = 'import time\nfor n in range(2000):\n  open(f"/mnt/data/{n}", "w").close()\n  time.sleep(0.002)';
      expect((await runCode(session, code)).done.status).toBe('disk_limit');
      expect((await session.listFiles()).length).toBeLessThanOrEqual(70);
      await session.dispose();
    });

    it('bound what is put into it', async () => {
      const session = await acquire(fixture(), { maxWorkspaceBytes: MEGABYTE });
      await expect(session.putFile('big', content('x'.repeat(2 * MEGABYTE)))).rejects.toThrow(/workspace/);
      expect(await session.listFiles()).toEqual([]);
      await session.dispose();
    });

    it('bound memory', async () => {
      const session = await acquire(fixture(), { memoryBytes: 256 * MEGABYTE });
      const code = 'hoard = []\nwhile True: hoard.append(bytearray(b"x" * (20 << 20)))';
      const { done } = await runCode(session, code, { timeoutMs: 25_000 });
      expect(['oom', 'error', 'crashed']).toContain(done.status);
      expect((await runCode(session, '"alive"')).result).toBe("'alive'");
      await session.dispose();
    });

    it('stop code that floods its output', async () => {
      const session = await acquire(fixture(), { maxOutputBytes: 10_000 });
      const code = 'block = "x" * 500_000\nwhile True: print(block)';
      const { done, stdout } = await runCode(session, code, { timeoutMs: 25_000 });
      expect(done.status).toBe('output_limit');
      expect(stdout).toHaveLength(10_000);
      await session.dispose();
    });

    it('bound one file, which is an error that the code can meet', async () => {
      const session = await acquire(fixture(), { maxFileBytes: MEGABYTE });
      const code =
        'kept = 1\nwith open("/mnt/data/big", "wb", buffering=0) as file:\n  for _ in range(40): file.write(bytes(1 << 16))';
      const { stderr, done } = await runCode(session, code);
      expect(stderr).toContain('File too large');
      expect(done).toMatchObject({ status: 'error', stateLost: false });
      expect((await runCode(session, 'import os; (kept, os.stat("/mnt/data/big").st_size)')).result).toBe(
        '(1, 1048576)',
      );
      await session.dispose();
    });

    if (traits.hasProcesses) describeProcessLimits(fixture);
  });
}

function describeProcessLimits(fixture: () => SandboxFixture): void {
  it('bound the number of processes', async () => {
    const session = await acquire(fixture(), { maxProcesses: 20 });
    const code = `
import os, time
children = []
try:
    while len(children) < 200:
        child = os.fork()
        if child == 0:
            time.sleep(20)
            os._exit(0)
        children.append(child)
except OSError: pass
print(len(children))`;
    const count = Number((await runCode(session, code)).stdout);
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThanOrEqual(24);
    await session.dispose();
  });

  it('survive a fork bomb', async () => {
    const session = await acquire(fixture());
    const bomb = 'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass';
    expect((await runCode(session, bomb, { timeoutMs: 500 })).done).toMatchObject({ status: 'timeout' });
    await session.dispose();
  });

  it(
    'bound the memory of all processes together',
    async () => {
      const session = await acquire(fixture(), { memoryBytes: 512 * MEGABYTE, maxWorkspaceBytes: 64 * MEGABYTE });
      const code = `
import os, time
readers = []
for _ in range(4):
    r, w = os.pipe()
    if os.fork() == 0:
        hoard = bytearray(b"x" * (300 << 20))
        os.write(w, b"1")
        time.sleep(20)
        os._exit(0)
    os.close(w)
    readers.append(r)
print(sum(len(os.read(r, 1)) for r in readers))`;
      const { done, stdout } = await runCode(session, code);
      expect(done.status === 'oom' || Number(stdout) < 4).toBe(true);
      await session.dispose();
    },
    OVERCOMMIT_PATIENCE_MS,
  );
}
