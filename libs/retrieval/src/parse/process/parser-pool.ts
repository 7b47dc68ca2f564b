import { Turns } from '../../turns.js';
import { ParserDiedError, ParserProcess, type ProcessLimits } from './parser-process.js';

export interface PoolOptions extends ProcessLimits {
  /** How many read at once what is not urgent. */
  processes: number;
}

const IDLE_MS = 60_000;
/** What libraries leave behind does not add up for ever, and what a file broke is not there for the thousandth. */
const MOST_FILES = 500;
/** Of the processes: so many are kept free of what is not urgent. */
const KEPT_FREE = 1;
/** A process that holds this share of its memory at rest has little left for the next file. */
const REST_SHARE = 0.4;

/** Where in the pool some work belongs, and what ends it. */
export interface PoolRequest {
  isUrgent: boolean;
  signal: AbortSignal | undefined;
}

/** Processes at rest and at work: given out in the order in which they were asked for, one only to what is urgent. */
export class ParserPool {
  private readonly resting: ParserProcess[] = [];
  private readonly working = new Set<ParserProcess>();
  private readonly turns: Turns;
  private readonly unhurried: Turns;
  private closed = false;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly options: PoolOptions) {
    this.turns = new Turns(options.processes + KEPT_FREE);
    this.unhurried = new Turns(options.processes);
  }

  /** Runs `work` with a process that is nobody else's until it is done. */
  use<Result>({ isUrgent, signal }: PoolRequest, work: (process: ParserProcess) => Promise<Result>): Promise<Result> {
    const take = (): Promise<Result> =>
      this.turns.take(async () => {
        if (this.closed) throw new ParserDiedError('closed');
        return this.useOne(this.resting.pop() ?? new ParserProcess(this.options), work);
      }, signal);
    return isUrgent ? take() : this.unhurried.take(take, signal);
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
