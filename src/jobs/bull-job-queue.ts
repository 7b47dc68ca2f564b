import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Job, Queue } from 'bull';
import type { Redis } from 'ioredis';
import { errorMessage, sleep } from '@libs/kernel';
import { closeClient } from '../common/redis-clients.js';
import {
  JobQueue,
  type JobHandler,
  type JobName,
  type JobOptions,
  type JobPayloads,
  type QueueHealth,
} from './job-queue.js';
import { RunningJobs } from './running-jobs.js';

/** What Bull carries: the payload, and the key that the worker frees when the job no longer waits. */
interface CarriedJob<Name extends JobName = JobName> {
  payload: JobPayloads[Name];
  key?: string;
}

/**
 * Bull's queue with the connections that it keeps besides `client`; its types leave them out. Each is made when it is
 * first asked for, so they must not be touched before their flag is set.
 */
export type BullQueue = Queue<CarriedJob> & {
  bclient: Redis;
  eclient: Redis;
  bclientInitialized?: boolean;
  subscriberInitialized?: boolean;
  setWorkerName(): Promise<unknown>;
  delayTimer?: NodeJS.Timeout;
};

/**
 * A key is known for its delay and this long. Only a crash before the key is freed needs the end; a job that waits
 * longer may be added twice, which its handler bears.
 */
const KEY_LIFE_MS = 60_000;
const HEALTH_PATIENCE_MS = 2000;
const RETRY_START_MS = 500;
const FAREWELL_PATIENCE_MS = 3000;

/** Jobs on Redis through Bull: any process adds, any worker takes. */
export class BullJobQueue extends JobQueue {
  private readonly logger = new Logger('JobQueue');
  private readonly running = new RunningJobs();
  private readonly working = new Set<JobName>();
  private closing: Promise<void> | undefined;

  constructor(private readonly queues: ReadonlyMap<JobName, BullQueue>) {
    super();
    for (const [name, queue] of queues) {
      forgiveWorkerName(queue);
      queue.on('error', (error: unknown) => this.logger.warn(`Queue '${name}': ${errorMessage(error)}`));
    }
  }

  override async add<Name extends JobName>(
    name: Name,
    payload: JobPayloads[Name],
    { key, delayMs = 0 }: JobOptions = {},
  ): Promise<void> {
    if (this.isClosing()) return;
    const queue = this.queueOf(name);
    const job: CarriedJob<Name> = { payload: { ...payload }, key };
    if (key === undefined) {
      await queue.add(job, { delay: delayMs });
      return;
    }
    // Bull's own job ids would also refuse a key while its job runs, and for ever where a worker died with it.
    const jobId = randomUUID();
    if (!(await this.noteKey(queue, key, jobId, delayMs + KEY_LIFE_MS))) return;
    try {
      await queue.add(job, { delay: delayMs, jobId });
    } catch (error) {
      await queue.client.del(waitingKey(queue, key)).catch(() => undefined);
      throw error;
    }
  }

  override process<Name extends JobName>(name: Name, concurrency: number, handler: JobHandler<Name>): void {
    if (this.working.has(name)) throw new Error(`The queue '${name}' has a handler already.`);
    this.working.add(name);
    void this.work(this.queueOf(name), concurrency, (job, signal) => handler(job.payload as JobPayloads[Name], signal));
  }

  override async health(): Promise<QueueHealth> {
    if (this.isClosing()) return { status: 'down', engine: 'redis', reason: 'closed' };
    try {
      await Promise.all([...this.queues].map(([name, queue]) => this.checkConnections(name, queue)));
      return { status: 'ok', engine: 'redis' };
    } catch (error) {
      return { status: 'down', engine: 'redis', reason: errorMessage(error) };
    }
  }

  override close(graceMs: number): Promise<void> {
    this.closing ??= this.finish(graceMs);
    return this.closing;
  }

  private isClosing(): boolean {
    return this.closing !== undefined;
  }

  private queueOf(name: JobName): BullQueue {
    const queue = this.queues.get(name);
    if (queue === undefined) throw new Error(`There is no queue '${name}'.`);
    return queue;
  }

  /**
   * False where a job of the key still waits. Not where its key is only left behind: Redis hands jobs also to a worker
   * that stands still, or is gone without a word, and nobody frees the keys of those.
   */
  private async noteKey(queue: BullQueue, key: string, jobId: string, lifeMs: number): Promise<boolean> {
    const { client } = queue;
    const name = waitingKey(queue, key);
    if ((await client.set(name, jobId, 'PX', lifeMs, 'NX')) !== null) return true;
    const noted = await client.get(name);
    if (noted !== null && (await isWaiting(queue, noted))) return false;
    await client.set(name, jobId, 'PX', lifeMs);
    return true;
  }

  private async work(
    queue: BullQueue,
    concurrency: number,
    handle: (job: CarriedJob, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    await this.untilRedisAnswers(queue);
    if (this.isClosing()) return;
    try {
      await queue.process(concurrency, (job) => this.handleJob(queue, job, handle));
    } catch (error) {
      if (!this.isClosing()) this.logger.error(error);
    }
  }

  /** Bull gives a worker up for ever whose first connection fails. */
  private async untilRedisAnswers(queue: BullQueue): Promise<void> {
    while (!this.isClosing()) {
      try {
        await queue.client.ping();
        return;
      } catch (error) {
        this.logger.warn(`Redis does not answer yet: ${errorMessage(error)}`);
        await sleep(RETRY_START_MS);
      }
    }
  }

  private async handleJob(
    queue: BullQueue,
    job: Job<CarriedJob>,
    handle: (job: CarriedJob, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (this.isClosing()) {
      // Fetched in the moment of closing: the next worker takes it first.
      await queue.add(job.data, { lifo: true });
      return;
    }
    const { key } = job.data;
    if (key !== undefined) await queue.client.del(waitingKey(queue, key)).catch(() => undefined);
    await this.running.start(
      (signal) => handle(job.data, signal),
      (error) => this.logger.error(error),
    );
  }

  private async checkConnections(name: JobName, queue: BullQueue): Promise<void> {
    const patience = new AbortController();
    const slow = sleep(HEALTH_PATIENCE_MS, patience.signal).then(() => 'slow');
    const answer = await Promise.race([queue.client.ping(), slow]).finally(() => patience.abort());
    if (answer === 'slow') throw new Error(`no answer within ${HEALTH_PATIENCE_MS} ms`);
    if (this.working.has(name) && queue.bclientInitialized === true && queue.bclient.status !== 'ready') {
      throw new Error(`the worker's connection is ${queue.bclient.status}`);
    }
  }

  private async finish(graceMs: number): Promise<void> {
    // From here on Bull fetches nothing, not even at the end of a job; it waits for the jobs under way.
    const farewells = [...this.queues.values()].map((queue) => closeQueue(queue));
    await this.running.finish(graceMs);
    const patience = new AbortController();
    await Promise.race([Promise.allSettled(farewells), sleep(FAREWELL_PATIENCE_MS, patience.signal)]);
    patience.abort();
    await Promise.all([...this.queues.values()].flatMap(connectionsOf).map(closeClient));
    // Set once more by a look for delayed jobs that was under way; it would keep the process alive for seconds.
    for (const queue of this.queues.values()) clearTimeout(queue.delayTimer);
  }
}

/**
 * Bull cuts the worker's connection to end its wait and then connects it again, with nobody to hear of a failure before
 * the last job has ended: with Redis away, that unhandled rejection would end the process in the middle of its jobs.
 */
function closeQueue(queue: BullQueue): Promise<void> {
  if (queue.bclientInitialized === true) queue.bclient.connect = () => Promise.resolve();
  return queue.close();
}

/**
 * Bull names the worker's connection without waiting for the answer: one that is lost at that moment would be an
 * unhandled rejection, which ends the process. The name only serves people who look at CLIENT LIST.
 */
function forgiveWorkerName(queue: BullQueue): void {
  const setWorkerName = queue.setWorkerName.bind(queue);
  queue.setWorkerName = () => setWorkerName().catch(() => undefined);
}

function connectionsOf(queue: BullQueue): Redis[] {
  const connections: Redis[] = [queue.client];
  if (queue.bclientInitialized === true) connections.push(queue.bclient);
  if (queue.subscriberInitialized === true) connections.push(queue.eclient);
  return connections;
}

async function isWaiting(queue: BullQueue, jobId: string): Promise<boolean> {
  const { client } = queue;
  if ((await client.lpos(queue.toKey('wait'), jobId)) !== null) return true;
  return (await client.zscore(queue.toKey('delayed'), jobId)) !== null;
}

function waitingKey(queue: BullQueue, key: string): string {
  return `${queue.toKey('waiting-key')}:${key}`;
}
