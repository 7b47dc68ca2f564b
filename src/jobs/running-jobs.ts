import { sleep } from '@libs/kernel';

/** The jobs that this process works on, so that closing can wait for them and then insist. */
export class RunningJobs {
  private readonly controllers = new Map<Promise<void>, AbortController>();

  get size(): number {
    return this.controllers.size;
  }

  /** Runs one job. The promise it gives never rejects: what the job throws goes to `onError`. */
  start(work: (signal: AbortSignal) => Promise<void>, onError: (error: unknown) => void): Promise<void> {
    const controller = new AbortController();
    const running = this.run(work, controller.signal, onError).finally(() => this.controllers.delete(running));
    this.controllers.set(running, controller);
    return running;
  }

  /** Waits for all, at most `graceMs`; then aborts their signals and waits for them to end. */
  async finish(graceMs: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([this.ended(), sleep(graceMs, over.signal)]);
    over.abort();
    for (const controller of this.controllers.values()) controller.abort();
    await this.ended();
  }

  private async ended(): Promise<void> {
    await Promise.all(this.controllers.keys());
  }

  private async run(
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
    onError: (error: unknown) => void,
  ): Promise<void> {
    try {
      await work(signal);
    } catch (error) {
      onError(error);
    }
  }
}
