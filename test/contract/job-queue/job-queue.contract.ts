import { AsyncLocalStorage } from 'node:async_hooks';
import { sleep } from '@libs/kernel';
import type { JobHandler, JobQueue } from '../../../src/jobs/job-queue.js';
import { eventually } from '../../support/eventually.js';

const NAME = 'execute-run';

export interface QueueUnderTest {
  queue: JobQueue;
  engine: 'in-process' | 'redis';
  /** Called after the test; the queue may be closed by then. */
  remove(): Promise<void>;
}

/** A handler that notes what it was given and holds each job until it is let go. */
class Worker {
  readonly started: string[] = [];
  readonly signals: AbortSignal[] = [];
  private readonly holds: (() => void)[] = [];

  readonly hold: JobHandler<typeof NAME> = ({ runId }, signal) => {
    this.started.push(runId);
    this.signals.push(signal);
    return new Promise((resolve) => this.holds.push(resolve));
  };

  readonly note: JobHandler<typeof NAME> = ({ runId }) => {
    this.started.push(runId);
    return Promise.resolve();
  };

  /** Lets the job that has been held longest end. */
  release(): void {
    this.holds.shift()?.();
  }

  releaseAll(): void {
    for (const release of this.holds.splice(0)) release();
  }
}

/** What every JobQueue does, whatever it is made of. */
export function describeJobQueue(makeQueue: () => Promise<QueueUnderTest>): void {
  let subject: QueueUnderTest;
  let queue: JobQueue;
  let worker: Worker;

  beforeEach(async () => {
    subject = await makeQueue();
    queue = subject.queue;
    worker = new Worker();
  });

  afterEach(async () => {
    worker.releaseAll();
    await queue.close(0);
    await subject.remove();
  });

  async function addAll(...runIds: string[]): Promise<void> {
    for (const runId of runIds) await queue.add(NAME, { runId });
  }

  it('hands over in order of arrival, what came before the worker too', async () => {
    await addAll('a', 'b');
    queue.process(NAME, 1, worker.note);
    await addAll('c', 'd');
    await eventually(() => expect(worker.started).toEqual(['a', 'b', 'c', 'd']));
  });

  it('works on as many at once as it may, and no more', async () => {
    queue.process(NAME, 2, worker.hold);
    await addAll('a', 'b', 'c', 'd');
    await eventually(() => expect(worker.started).toEqual(['a', 'b']));
    await sleep(50);
    expect(worker.started).toEqual(['a', 'b']);
    worker.release();
    await eventually(() => expect(worker.started).toEqual(['a', 'b', 'c']));
    worker.release();
    await eventually(() => expect(worker.started).toEqual(['a', 'b', 'c', 'd']));
  });

  it('hands over what was meant when the job was added', async () => {
    const payload = { runId: 'a' };
    await queue.add(NAME, payload);
    payload.runId = 'changed';
    queue.process(NAME, 1, worker.note);
    await eventually(() => expect(worker.started).toEqual(['a']));
  });

  it('goes on after a job that throws, and does not try it again', async () => {
    queue.process(NAME, 1, async ({ runId }, signal) => {
      await worker.note({ runId }, signal);
      if (runId === 'bad') throw new Error('a job that throws, for the test');
    });
    await addAll('bad', 'good');
    await eventually(() => expect(worker.started).toEqual(['bad', 'good']));
    await sleep(100);
    expect(worker.started).toEqual(['bad', 'good']);
  });

  it('adds a key once while it waits, and again as soon as it runs', async () => {
    queue.process(NAME, 1, worker.hold);
    await addAll('first');
    await eventually(() => expect(worker.started).toEqual(['first']));
    await queue.add(NAME, { runId: 'a' }, { key: 'same' });
    await queue.add(NAME, { runId: 'a again' }, { key: 'same' });
    await queue.add(NAME, { runId: 'b' }, { key: 'other' });
    worker.release();
    await eventually(() => expect(worker.started).toEqual(['first', 'a']));
    await queue.add(NAME, { runId: 'a while it runs' }, { key: 'same' });
    worker.release();
    await eventually(() => expect(worker.started).toEqual(['first', 'a', 'b']));
    worker.release();
    await eventually(() => expect(worker.started).toEqual(['first', 'a', 'b', 'a while it runs']));
  });

  it('hands over a delayed job when its time has come, and knows its key until then', async () => {
    queue.process(NAME, 1, worker.note);
    await queue.add(NAME, { runId: 'late' }, { delayMs: 300, key: 'late' });
    await queue.add(NAME, { runId: 'late again' }, { key: 'late' });
    await addAll('now');
    await eventually(() => expect(worker.started).toEqual(['now']));
    await eventually(() => expect(worker.started).toEqual(['now', 'late']));
  });

  it('runs no job in the context of who added it', async () => {
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    queue.process(NAME, 1, () => {
      seen.push(context.getStore());
      return Promise.resolve();
    });
    await context.run('a transaction', () => addAll('a', 'b'));
    await context.run('a transaction', () => queue.add(NAME, { runId: 'c' }, { delayMs: 1 }));
    await eventually(() => expect(seen).toEqual([undefined, undefined, undefined]));
  });

  it('takes one handler a queue', async () => {
    queue.process(NAME, 1, worker.note);
    expect(() => queue.process(NAME, 1, worker.note)).toThrow(/handler already/);
    await addAll('a');
    await eventually(() => expect(worker.started).toEqual(['a']));
  });

  it('waits for jobs under way when it closes, and takes no further one', async () => {
    queue.process(NAME, 1, worker.hold);
    await addAll('a', 'b');
    await eventually(() => expect(worker.started).toEqual(['a']));
    let closed = false;
    const closing = queue.close(10_000).then(() => (closed = true));
    await sleep(50);
    expect(closed).toBe(false);
    expect(worker.signals[0]?.aborted).toBe(false);
    worker.release();
    await closing;
    expect(worker.started).toEqual(['a']);
  });

  it('aborts what outlasts the grace, and waits for it to end', async () => {
    let ended = false;
    queue.process(NAME, 1, async ({ runId }, signal) => {
      worker.started.push(runId);
      await sleep(60_000, signal);
      await sleep(20);
      ended = true;
    });
    await addAll('a');
    await eventually(() => expect(worker.started).toEqual(['a']));
    await queue.close(30);
    expect(ended).toBe(true);
  });

  it('closes twice, and drops what is added afterwards', async () => {
    queue.process(NAME, 1, worker.note);
    await queue.close(0);
    await queue.close(0);
    await addAll('too late');
    expect(worker.started).toEqual([]);
    expect(await queue.health()).toMatchObject({ status: 'down', engine: subject.engine });
  });

  it('is healthy', async () => {
    expect(await queue.health()).toEqual({ status: 'ok', engine: subject.engine });
    queue.process(NAME, 1, worker.note);
    await addAll('a');
    await eventually(() => expect(worker.started).toEqual(['a']));
    expect(await queue.health()).toEqual({ status: 'ok', engine: subject.engine });
  });

  it('loses none of many jobs', async () => {
    queue.process(NAME, 16, worker.note);
    const runIds = Array.from({ length: 1000 }, (_, index) => `run_${index}`);
    await Promise.all(runIds.map((runId) => queue.add(NAME, { runId })));
    await eventually(() => expect(worker.started).toHaveLength(1000));
    expect(new Set(worker.started).size).toBe(1000);
  });
}
