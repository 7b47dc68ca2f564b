import { BubblewrapProvider, DenoProvider } from '@libs/sandbox';

const [kind, workspacesRoot] = process.argv.slice(2);
if (workspacesRoot === undefined) throw new Error('usage: killed-server <bubblewrap|deno> <root>');

/** A server in the middle of a call, for the suite to kill. */
const provider =
  kind === 'deno'
    ? new DenoProvider({ workspacesRoot })
    : new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' });
const session = await provider.acquire({ workspaceId: 'w', tenantId: 't' });
const code = 'open("/mnt/data/a.txt", "w").write("x")\nprint("busy", flush=True)\nwhile True: pass';
for await (const event of session.run(code)) {
  if (event.type === 'stdout') process.stdout.write(event.text);
}
