/** As many wait as may wait; the work was not begun. */
export class GateFullError extends Error {
  constructor() {
    super('Too much work of this kind waits already.');
    this.name = 'GateFullError';
  }
}

/** Lets at most `width` pieces of work run at once, and at most `depth` wait. */
export class ConcurrencyGate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly depth: number,
  ) {}

  /** Throws GateFullError where the queue is full. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (this.running < this.width) {
      this.running += 1;
      return Promise.resolve();
    }
    if (this.waiting.length >= this.depth) return Promise.reject(new GateFullError());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place on rather than freeing it, so that no newcomer slips in before those who wait. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
