import type { RunChange } from './run-change.js';

/** Beyond so many whoever makes more waits. */
const MOST_WAITING = 256;

/**
 * The changes of one run on their way out, in their order. While some are being written, others gather, and are then
 * written at once: a model that is faster than the database costs few transactions, a slow one waits for none.
 */
export class RunOutbox {
  private waiting: RunChange[] = [];
  private writing: Promise<void> | undefined;
  private failure: { reason: unknown } | undefined;

  constructor(private readonly write: (changes: RunChange[]) => Promise<void>) {}

  /**
   * Resolves once there is room for more. Throws, once, what kept earlier changes from being written. What waits behind
   * those goes out with what is added next, such as the end of the run: the steps that it closes must not stay open.
   */
  async add(changes: readonly RunChange[]): Promise<void> {
    this.tellFailure();
    if (changes.length === 0) return;
    this.waiting.push(...changes);
    this.writing ??= this.writeAll();
    if (this.waiting.length > MOST_WAITING) await this.empty();
  }

  /** Resolves once all changes are written. Throws as `add`. */
  async empty(): Promise<void> {
    await this.writing;
    this.tellFailure();
  }

  /** Resolves once nothing is being written any more, however that ended. */
  async settle(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const changes = this.waiting;
        this.waiting = [];
        await this.write(changes);
      }
    } catch (reason) {
      this.failure = { reason };
    }
    this.writing = undefined;
  }

  private tellFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure.reason;
  }
}
