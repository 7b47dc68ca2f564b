import type { Readable, Writable } from 'node:stream';

/** Why a kernel ended that was not asked to: what the host itself saw, never what the kernel said. */
export type DeathCause = 'memory' | 'disk' | 'processor' | 'unknown';

/** One interpreter with whatever confines it. */
export interface KernelProcess {
  /** JSON lines to the kernel: for each call an array of its nonce and its code. */
  readonly requests: Writable;
  /** JSON lines from the kernel, and from whoever else in there reaches the descriptor. */
  readonly replies: Readable;
  /** The code's own output where it has descriptors of its own; otherwise it comes as replies. */
  readonly outputs: { stdout: Readable; stderr: Readable } | undefined;
  /** Resolves when no process of it is left. */
  readonly ended: Promise<DeathCause>;
  /** The beginning of what the confinement and the interpreter complained of, for a start that fails. */
  readonly startLog: string;
  /** Asks for a KeyboardInterrupt in the running cell. */
  interrupt(): void;
  /** Stops every process until `resume`: what the code left running must not go on while nobody looks. */
  pause(): void;
  resume(): void;
  /** Ends every process at once. The cause becomes `ended`'s, unless it has ended already. */
  kill(cause: DeathCause): Promise<void>;
}
