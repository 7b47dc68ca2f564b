import { BubblewrapProvider, RemoteProvider, SandboxHost, type SandboxHostOptions } from '@libs/sandbox';
import type { SandboxProvider } from '@libs/sandbox';

export const TOKEN = 'the-token-of-the-tests-and-of-nothing-else';

/** A sandbox host in this process, before bubblewrap. */
export interface Hosted {
  host: SandboxHost;
  url: string;
  inner: SandboxProvider;
  /** A caller's side of it, as each process has one of its own. */
  connect(): RemoteProvider;
  close(): Promise<void>;
}

export async function startHost(
  workspacesRoot: string,
  options: Partial<SandboxHostOptions> & { port?: number; warmKernels?: number } = {},
): Promise<Hosted> {
  const { port = 0, warmKernels = 0, ...rest } = options;
  const inner = new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3', warmKernels });
  await inner.probe();
  const problems: unknown[] = [];
  const note = (error: unknown): void => void problems.push(error);
  const host = new SandboxHost({
    ...{ provider: inner, token: TOKEN, idleMs: 600_000, maxSessions: 32, onError: note, onLeftBehind: note },
    ...rest,
  });
  const url = `http://127.0.0.1:${await host.listen(port, '127.0.0.1')}`;
  return {
    ...{ host, url, inner },
    connect: () => new RemoteProvider({ urls: [url], token: TOKEN }),
    close: async () => {
      await host.close();
      await inner.close();
    },
  };
}

/** The provider `remote`, which takes the host along when it is closed. */
export async function createRemote(workspacesRoot: string): Promise<SandboxProvider> {
  const hosted = await startHost(workspacesRoot);
  const remote = hosted.connect();
  const close = remote.close.bind(remote);
  remote.close = async () => {
    await close();
    await hosted.close();
  };
  return remote;
}
