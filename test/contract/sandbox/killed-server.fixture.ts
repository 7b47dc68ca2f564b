import { BubblewrapProvider, DenoProvider, DockerProvider, type SandboxProvider } from '@libs/sandbox';

const [kind = '', workspacesRoot, socket = '', image = ''] = process.argv.slice(2);
if (workspacesRoot === undefined) {
  throw new Error('usage: killed-server <bubblewrap|deno|docker> <root> [socket image]');
}

const PROVIDERS: Record<string, () => SandboxProvider> = {
  bubblewrap: () => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' }),
  deno: () => new DenoProvider({ workspacesRoot }),
  docker: () => new DockerProvider({ workspacesRoot, socket, image }),
};

/** A server in the middle of a call, for the suite to kill. */
const provider = PROVIDERS[kind]?.();
if (!provider) throw new Error(`There is no provider ${kind}.`);
const session = await provider.acquire({ workspaceId: 'w', tenantId: 't' });
const code = 'open("/mnt/data/a.txt", "w").write("x")\nprint("busy", flush=True)\nwhile True: pass';
for await (const event of session.run(code)) {
  if (event.type === 'stdout') process.stdout.write(event.text);
}
