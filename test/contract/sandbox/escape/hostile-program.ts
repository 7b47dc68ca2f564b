import type { SandboxLimits, SandboxStatus } from '@libs/sandbox';

/**
 * One program that wants out. It prints `ESCAPED` and what it got, should it get anything; the host looks for itself as
 * well (world.ts). What it may use: `W`, a dict of targets on the host, and the helpers of prologue.ts.
 */
export interface HostileProgram {
  /** What must not happen. */
  name: string;
  code: string;
  /** Where it makes sense: in a process of the system, or in WebAssembly. Absent: both. */
  where?: 'process' | 'wasm';
  /** The server runs as root; otherwise the README says what does not hold. */
  asRoot?: true;
  /** Whose session it is; another than the others' has to be its own. */
  tenant?: string;
  /** Limits of a session of its own; absent: it shares one with the others. */
  limits?: Partial<SandboxLimits>;
  timeoutMs?: number;
  /** How the call must end, one of these; absent: `ok`, having come to its end. */
  ends?: readonly SandboxStatus[];
  /** The next call of its own session may suffer: it harms itself. */
  spoilsNextCall?: true;
  /** Harmless where nothing confines it, and then it does get what it wants: shown by running it so. */
  isControl?: true;
}

export interface Family {
  family: string;
  programs: readonly HostileProgram[];
}
