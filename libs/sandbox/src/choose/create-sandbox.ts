import { BubblewrapProvider } from '../bubblewrap/bubblewrap-provider.js';
import { DenoProvider } from '../deno-pyodide/deno-provider.js';
import { DockerProvider, type DockerOptions } from '../docker/docker-provider.js';
import type { EgressOptions } from '../egress/egress-policy.js';
import type { SandboxLimits, SandboxProvider } from '../ports/sandbox-provider.js';
import { NoSandbox } from './no-sandbox.js';

export type SandboxChoice = 'auto' | 'bubblewrap' | 'deno' | 'docker' | 'none';

export interface SandboxOptions {
  choice: SandboxChoice;
  /** Folder for the workspaces of sessions; made if it is missing. */
  workspacesRoot: string;
  /** Absolute path of the interpreter that the bubblewrap provider uses. */
  python: string;
  /** The engine of the docker provider, which is taken only if it is chosen. */
  docker?: Pick<DockerOptions, 'socket' | 'image' | 'runtime'>;
  /** Limits of sessions that do not ask for others. */
  limits?: Partial<SandboxLimits>;
  /** Kernels that wait, ready, for the next sessions; none by default. */
  warmKernels?: number;
  /** What code may reach; absent: nothing. */
  egress?: EgressOptions | undefined;
}

/**
 * The provider to use on this machine, its probe done. Never a plain subprocess: where nothing confines the code,
 * the provider that comes back refuses every session and says what to install.
 */
export async function createSandbox(options: SandboxOptions): Promise<SandboxProvider> {
  return chooseProvider(candidatesFor(options));
}

/** The first provider whose probe succeeds; otherwise one that refuses, with the reasons of all. */
export async function chooseProvider(candidates: readonly SandboxProvider[]): Promise<SandboxProvider> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const result = await candidate.probe();
    if (result.ok) return candidate;
    reasons.push(`${candidate.name}: ${result.reason}`);
    await candidate.close();
  }
  return new NoSandbox(reasons);
}

const DEFAULT_ENGINE = { socket: '/var/run/docker.sock', image: 'threadmill-sandbox' };

function candidatesFor({ choice, python, docker = DEFAULT_ENGINE, ...options }: SandboxOptions): SandboxProvider[] {
  const bubblewrap = (): SandboxProvider => new BubblewrapProvider({ ...options, python });
  const deno = (): SandboxProvider => new DenoProvider(options);
  switch (choice) {
    case 'auto':
      return [bubblewrap(), deno()];
    case 'bubblewrap':
      return [bubblewrap()];
    case 'deno':
      return [deno()];
    case 'docker':
      return [new DockerProvider({ ...options, ...docker })];
    case 'none':
      return [];
  }
}
