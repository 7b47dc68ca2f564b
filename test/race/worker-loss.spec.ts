import { sleep } from '@libs/kernel';
import { eventually } from '../support/eventually.js';
import { claimRedisDatabase } from '../support/redis-database.js';
import { openGate } from '../support/redis-gate.js';
import { describeWith } from '../support/requirements.js';
import { findLeftOpen } from './support/race-database.js';
import { RacePlace, SPOKEN, type RacedRun } from './support/race-place.js';
import { race, report } from './support/race.js';
import { findBreaches } from './support/soundness.js';

const RUNS = 20;
const LEASE_SECONDS = 3;
/** Half of what a long text takes. */
const MIDDLE_MS = 1500;
/** The stopped worker has beaten its heart twice and written what it would. */
const AFTERMATH_MS = 2500;

describeWith('postgres', 'a worker that is lost', () => {
  describeWith('redis', 'on Postgres and Redis', () => describeLoss());
});

function describeLoss(): void {
  let started: RacePlace | undefined;
  const place = (): RacePlace => {
    if (!started) throw new Error('The server has not started.');
    return started;
  };

  beforeAll(async () => {
    const env = { RUN_LEASE_SECONDS: String(LEASE_SECONDS) };
    started = await RacePlace.start({ engine: 'postgres+redis', workers: 2, env });
  }, 240_000);
  afterAll(() => started?.stop());

  it(`writes nothing more after it stood still for longer than its lease, in the middle of ${RUNS} runs`, async () => {
    const runs = await beginLongRuns();
    const [stopped = 0] = place().server.workerIds;
    process.kill(stopped, 'SIGSTOP');
    let before: unknown;
    try {
      await expectCompleted(runs);
      before = await everythingOf(runs);
    } finally {
      process.kill(stopped, 'SIGCONT');
    }
    await sleep(AFTERMATH_MS);
    expect(await everythingOf(runs)).toEqual(before);
    report('Worker stopped for longer than its lease', await messagesOf(runs));
  }, 240_000);

  it(`loses none of ${RUNS} runs when it is killed in the middle of them`, async () => {
    const runs = await beginLongRuns();
    const [killed = 0] = place().server.workerIds;
    process.kill(killed, 'SIGKILL');
    await expectCompleted(runs);
    report('Worker killed', await messagesOf(runs));
    expect(await findLeftOpen(place().server)).toEqual([]);
  }, 240_000);

  async function beginLongRuns(): Promise<RacedRun[]> {
    const runs = await race(RUNS, () => place().begin('drag on'));
    await eventually(async () => {
      for (const run of runs) expect((await place().wire.get(place().path(run))).body.status).toBe('in_progress');
    });
    await sleep(MIDDLE_MS);
    return runs;
  }

  async function expectCompleted(runs: readonly RacedRun[]): Promise<void> {
    const ends = await Promise.all(runs.map((run) => place().untilEnd(run)));
    expect(ends).toEqual(runs.map(() => 'completed'));
    expect(await findBreaches(place(), runs)).toEqual([]);
    const messages = await messagesOf(runs);
    expect(messages.filter((text) => text !== `completed: ${SPOKEN}`)).toEqual(
      messages.filter((text) => text === 'incomplete: '),
    );
    expect(messages.filter((text) => text.startsWith('completed'))).toHaveLength(runs.length);
    // What makes the test one: some of the runs were really interrupted.
    expect(messages.length).toBeGreaterThan(runs.length);
    expect(messages.length).toBeLessThanOrEqual(2 * runs.length);
  }

  async function messagesOf(runs: readonly RacedRun[]): Promise<string[]> {
    const lists = await Promise.all(runs.map(({ threadId }) => place().wire.get(`/threads/${threadId}/messages`)));
    const messages = lists.flatMap(({ body }) => body.data as Message[]).filter(({ role }) => role === 'assistant');
    return messages.map(({ status, content }) => `${status}: ${content[0]?.text.value}`);
  }

  /** What clients can read of the runs, their streams included. */
  function everythingOf(runs: readonly RacedRun[]): Promise<unknown> {
    return Promise.all(
      runs.map(async (run) => [
        await place().wire.history(run.threadId, run.runId),
        (await place().wire.get(place().path(run))).body,
        (await place().wire.get(`${place().path(run)}/steps`)).body,
        (await place().wire.get(`/threads/${run.threadId}/messages`)).body,
      ]),
    );
  }
}

interface Message {
  role: string;
  status: string;
  content: { text: { value: string } }[];
}

describeWith('postgres', 'a Redis that is lost', () => {
  describeWith('redis', 'in the middle of a run', () => {
    it('leaves no run without an end, nor a client who follows it', async () => {
      const gate = await openGate();
      const redis = await claimRedisDatabase();
      const url = new URL(gate.url);
      url.pathname = new URL(redis.url).pathname;
      let place: RacePlace | undefined;
      try {
        place = await RacePlace.start({ engine: 'postgres+redis', env: { REDIS_URL: url.href } });
        const run = await place.begin('drag on');
        await eventually(async () => expect((await place?.wire.get(place.path(run)))?.body.status).toBe('in_progress'));
        await sleep(MIDDLE_MS);
        await gate.shut();
        const end = await place.untilEnd(run);
        expect(['completed', 'failed']).toContain(end);
        await gate.open();
        const told = await place.wire.history(run.threadId, run.runId);
        expect(told.at(-1)?.event).toBe(`thread.run.${end}`);
        expect(await findLeftOpen(place.server)).toEqual([]);
      } finally {
        await place?.stop();
        await gate.shut();
        await redis.release();
      }
    }, 240_000);
  });
});
