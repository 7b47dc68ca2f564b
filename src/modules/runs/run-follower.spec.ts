import { jest } from '@jest/globals';
import { aRun } from '../../../test/builders/run-records.js';
import { RunFollower, SILENCE_MS } from './run-follower.js';
import type { NumberedFrame, RunStream } from './run-stream.js';
import type { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './runs.types.js';

const FIRST: NumberedFrame = { sequence: 1, event: 'thread.run.queued', data: '{}' };
const RUN = aRun({ status: 'in_progress' });

/** Follows a stream that tells one event and then nothing more, while the run is found to be so. */
async function follow(found: RunRecord | null, signal: AbortSignal): Promise<{ events: string[]; isOver: boolean }> {
  const stream = {
    async *follow(_id: string, _after: number, ended: AbortSignal) {
      yield FIRST;
      if (!ended.aborted) await new Promise((resolve) => ended.addEventListener('abort', resolve));
    },
  } as unknown as RunStream;
  const runs = { find: () => Promise.resolve(found) } as unknown as RunsRepository;
  const events: string[] = [];
  let isOver = false;
  const read = async (): Promise<void> => {
    const follower = new RunFollower(stream, runs);
    for await (const { sequence, event } of follower.follow(RUN, 0, signal)) events.push(`${sequence} ${event}`);
    isOver = true;
  };
  const reading = read();
  await jest.advanceTimersByTimeAsync(SILENCE_MS * 2 + 1);
  if (isOver) await reading;
  return { events, isOver };
}

describe('following a run', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('waits on while the silent run goes on', async () => {
    const client = new AbortController();
    expect(await follow(RUN, client.signal)).toEqual({ events: ['1 thread.run.queued'], isOver: false });
    client.abort();
  });

  it('tells the end of a run whose end was never told', async () => {
    const { events, isOver } = await follow(aRun({ ...RUN, status: 'failed' }), new AbortController().signal);
    expect(events).toEqual(['1 thread.run.queued', '2 thread.run.failed']);
    expect(isOver).toBe(true);
  });

  it('ends where the run is gone', async () => {
    const told = await follow(null, new AbortController().signal);
    expect(told).toEqual({ events: ['1 thread.run.queued'], isOver: true });
  });
});
