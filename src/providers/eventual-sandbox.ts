import type { AcquireRequest, ProbeResult, SandboxProvider, SandboxSession, SandboxState } from '@libs/sandbox';

/** The name of a sandbox that is not chosen yet. */
export const CHOOSING = 'choosing';

/**
 * A sandbox that is still being chosen: the probe runs code and may take seconds, and the server need not wait for
 * it. Whoever wants a session waits.
 */
export class EventualSandbox implements SandboxProvider {
  private chosen: SandboxProvider | null = null;

  /** @param choosing never rejects */
  constructor(private readonly choosing: Promise<SandboxProvider>) {
    void choosing.then((provider) => {
      this.chosen = provider;
    });
  }

  get name(): string {
    return this.chosen?.name ?? CHOOSING;
  }

  async probe(): Promise<ProbeResult> {
    return (await this.choosing).probe();
  }

  state(): SandboxState | undefined {
    return this.chosen?.state();
  }

  async acquire(request: AcquireRequest): Promise<SandboxSession> {
    return (await this.choosing).acquire(request);
  }

  async reapOrphans(): Promise<void> {
    await (await this.choosing).reapOrphans();
  }

  async close(): Promise<void> {
    await (await this.choosing).close();
  }
}
