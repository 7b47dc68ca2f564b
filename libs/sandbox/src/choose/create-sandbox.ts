import { BubblewrapProvider } from '../bubblewrap/bubblewrap-provider.js';
import { DenoProvider } from '../deno-pyodide/deno-provider.js';
import type { SandboxLimits, SandboxProvider } from '../ports/sandbox-provider.js';
import { NoSandbox } from './no-sandbox.js';

export type SandboxChoice = 'auto' | 'bubblewrap' | 'deno' | 'none';

export interface SandboxOptions {
  choice: SandboxChoice;
  /** Folder for the workspaces of sessions; made if it is missing. */
  workspacesRoot: string;
  /** Absolute path of the interpreter that the bubblewrap provider uses. */
  python: string;
  /** Limits of sessions that do not ask for others. */
  limits?: Partial<SandboxLimits>;
  /** Kernels that wait, ready, for the next sessions; none by default. */
  warmKernels?: number;
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

function candidatesFor({ choice, python, ...options }: SandboxOptions): SandboxProvider[] {
  const bubblewrap = (): SandboxProvider => new BubblewrapProvider({ ...options, python });
  const deno = (): SandboxProvider => new DenoProvider(options);
  switch (choice) {
    case 'auto':
      return [bubblewrap(), deno()];
    case 'bubblewrap':
      return [bubblewrap()];
    case 'deno':
      return [deno()];
    case 'none':
      return [];
  }
}
