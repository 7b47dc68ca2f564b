import { ParserDiedError, ParserProcess, type ProcessLimits } from './parser-process.js';

export interface PoolOptions extends ProcessLimits {
  /** How many read at once. */
  processes: number;
}

const IDLE_MS = 60_000;
/** What libraries leave behind does not add up for ever, and what a file broke is not there for the thousandth. */
const MOST_FILES = 500;
/** A process that holds this share of its memory at rest has little left for the next file. */
const REST_SHARE = 0.4;

/** Processes at rest and at work: given out in the order in which they were asked for. */
export class ParserPool {
  private readonly resting: ParserProcess[] = [];
  private readonly working = new Set<ParserProcess>();
  private readonly waiting: (() => void)[] = [];
  private places: number;
  private closed = false;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly options: PoolOptions) {
    this.places = options.processes;
  }

  /** Runs `work` with a process that is nobody else's until it is done. */
  async use<Result>(
    signal: AbortSignal | undefined,
    work: (process: ParserProcess) => Promise<Result>,
  ): Promise<Result> {
    await this.takePlace(signal);
    if (this.closed) {
      this.freePlace();
      throw new ParserDiedError('closed');
    }
    try {
      return await this.useOne(this.resting.pop() ?? new ParserProcess(this.options), work);
    } finally {
      this.freePlace();
    }
  }

  /** Ends every process. Who waits is told so. */
  close(): void {
    this.closed = true;
    clearTimeout(this.idle);
    for (const process of [...this.resting, ...this.working]) process.kill('closed');
    this.resting.length = 0;
  }

  private async useOne<Result>(
    process: ParserProcess,
    work: (process: ParserProcess) => Promise<Result>,
  ): Promise<Result> {
    this.working.add(process);
    try {
      return await work(process);
    } finally {
      this.working.delete(process);
      this.putBack(process);
    }
  }

  private async takePlace(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.places > 0) {
      this.places -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const take = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(take), 1);
        reject(signal?.reason as Error);
      };
      this.waiting.push(take);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  private freePlace(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.places += 1;
    else next();
  }

  private putBack(process: ParserProcess): void {
    if (!process.alive) return;
    if (this.closed || this.isWorn(process)) process.kill('closed');
    else this.resting.push(process);
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.endResting(), IDLE_MS);
    this.idle.unref();
  }

  private isWorn(process: ParserProcess): boolean {
    const { cpuSeconds, memoryBytes, timeMs } = this.options;
    const cpuLeftMs = cpuSeconds * 1000 - process.busyMs * 2;
    return process.filesRead >= MOST_FILES || process.memoryBytes > memoryBytes * REST_SHARE || cpuLeftMs < timeMs * 2;
  }

  private endResting(): void {
    for (const process of this.resting.splice(0)) process.kill('closed');
  }
}
