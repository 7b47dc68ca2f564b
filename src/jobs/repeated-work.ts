import { sleep } from '@libs/kernel';

/** Work that comes again and again, one round after the other, until it is stopped. */
export class RepeatedWork {
  private readonly stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();

  /** @param onError told of what a round throws; the next comes all the same */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly intervalMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The first round begins at once. */
  start(): void {
    this.ended = this.repeat();
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async repeat(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.work(signal);
      } catch (error) {
        this.onError(error);
      }
      await sleep(this.intervalMs, signal);
    }
  }
}
