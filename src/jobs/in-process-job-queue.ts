import { AsyncResource } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import {
  JobQueue,
  type JobHandler,
  type JobName,
  type JobOptions,
  type JobPayloads,
  type QueueHealth,
} from './job-queue.js';
import { RunningJobs } from './running-jobs.js';

/** One queue: what waits, in order of arrival, and who works on it. Jobs are JSON, as they are on Redis. */
class Lane {
  /** By key, or by a symbol of its own for a job without one; a Map keeps the order of insertion. */
  readonly waiting = new Map<string | symbol, string>();
  readonly delayed = new Map<string | symbol, NodeJS.Timeout>();
  readonly running = new RunningJobs();
  concurrency = 0;
  handle: ((payload: string, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Jobs in the memory of this process. What waits dies with it; the owners' rows do not. */
export class InProcessJobQueue extends JobQueue {
  private readonly logger = new Logger('JobQueue');
  private readonly lanes = new Map<JobName, Lane>();
  private closed = false;

  /**
   * Jobs run in the context in which the queue was made, not in that of whoever added them: a job added inside a
   * database transaction must not believe itself inside it.
   */
  private readonly context = new AsyncResource('InProcessJobQueue');

  override add<Name extends JobName>(name: Name, payload: JobPayloads[Name], options: JobOptions = {}): Promise<void> {
    const lane = this.laneOf(name);
    const key = options.key ?? Symbol(name);
    if (this.closed || lane.waiting.has(key) || lane.delayed.has(key)) return Promise.resolve();
    const job = JSON.stringify(payload);
    const arrive = (): void => {
      lane.delayed.delete(key);
      lane.waiting.set(key, job);
      this.pumpSoon(lane);
    };
    if (options.delayMs === undefined || options.delayMs <= 0) arrive();
    else lane.delayed.set(key, setTimeout(arrive, options.delayMs));
    return Promise.resolve();
  }

  override process<Name extends JobName>(name: Name, concurrency: number, handler: JobHandler<Name>): void {
    const lane = this.laneOf(name);
    if (lane.handle !== undefined) throw new Error(`The queue '${name}' has a handler already.`);
    lane.concurrency = concurrency;
    lane.handle = (payload, signal) => handler(JSON.parse(payload) as JobPayloads[Name], signal);
    this.pumpSoon(lane);
  }

  override health(): Promise<QueueHealth> {
    return Promise.resolve({ status: this.closed ? 'down' : 'ok', engine: 'in-process', ...(this.closed && CLOSED) });
  }

  override async close(graceMs: number): Promise<void> {
    this.closed = true;
    const lanes = [...this.lanes.values()];
    for (const lane of lanes) {
      for (const timer of lane.delayed.values()) clearTimeout(timer);
      lane.delayed.clear();
      lane.waiting.clear();
    }
    await Promise.all(lanes.map((lane) => lane.running.finish(graceMs)));
  }

  private laneOf(name: JobName): Lane {
    let lane = this.lanes.get(name);
    if (lane === undefined) this.lanes.set(name, (lane = new Lane()));
    return lane;
  }

  private pumpSoon(lane: Lane): void {
    this.context.runInAsyncScope(() => setImmediate(() => this.pump(lane)));
  }

  private pump(lane: Lane): void {
    const { handle } = lane;
    if (handle === undefined || this.closed) return;
    for (const [key, payload] of lane.waiting) {
      if (lane.running.size >= lane.concurrency) return;
      lane.waiting.delete(key);
      const running = lane.running.start(
        (signal) => handle(payload, signal),
        (error) => this.logger.error(error),
      );
      void running.then(() => this.pump(lane));
    }
  }
}

const CLOSED = { reason: 'closed' };
