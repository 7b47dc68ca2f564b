import { SandboxError } from '../ports/sandbox-provider.js';
import type { ProbeResult, SandboxProvider, SandboxSession, SandboxState } from '../ports/sandbox-provider.js';

const HOW_TO_GET_ONE =
  'Install bubblewrap and Python on Linux (apt install bubblewrap python3), or the npm packages deno and pyodide.';

/** Stands where no provider is usable: code is never run without confinement. */
export class NoSandbox implements SandboxProvider {
  readonly name = 'none';

  /** @param reasons Why each provider that was tried is not usable; empty if code execution is switched off. */
  constructor(private readonly reasons: readonly string[]) {}

  probe(): Promise<ProbeResult> {
    return Promise.resolve({ ok: false, reason: this.reasons.join(' ') || 'Code execution is switched off.' });
  }

  state(): SandboxState | undefined {
    return undefined;
  }

  acquire(): Promise<SandboxSession> {
    const message =
      this.reasons.length === 0
        ? 'Code execution is switched off on this server.'
        : `Code execution is not available on this server: nothing there can confine it. ${HOW_TO_GET_ONE}`;
    return Promise.reject(new SandboxError(message, { cause: new Error(this.reasons.join('\n')) }));
  }

  reapOrphans(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
