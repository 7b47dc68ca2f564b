import { sleep } from '@libs/kernel';
import { Aim } from '../support/aim.js';
import { race, report } from '../support/race.js';
import type { RacePlace, RacedRun } from '../support/race-place.js';
import { findBreaches } from '../support/soundness.js';

const HAS_RUN = /^Thread thread_\w+ already has an active run run_\w+\.$/;
const IS_BUSY = /^Can't add messages to thread_\w+ while a run run_\w+ is active\.$/;

export function describeOneRunAThread(place: () => RacePlace, count: number): void {
  it(`gives each of ${count} threads to one of two runs, and to a message before or not at all`, async () => {
    const runs: RacedRun[] = [];
    const outcomes = await race(count, async (random) => {
      const { wire, assistantId } = place();
      const threadId = await wire.create('/threads', { messages: [{ role: 'user', content: 'call' }] });
      const create = (): ReturnType<typeof wire.post> =>
        wire.post(`/threads/${threadId}/runs`, { assistant_id: assistantId });
      const add = (): ReturnType<typeof wire.post> =>
        wire.post(`/threads/${threadId}/messages`, { role: 'user', content: 'call again' });
      const isFirst = random() < 0.5;
      const early = isFirst ? add() : undefined;
      const [first, second] = await Promise.all([create(), create()]);
      const message = await (early ?? add());
      const [taken, refused] = first.status === 200 ? [first, second] : [second, first];
      expect([taken.status, refused.status]).toEqual([200, 400]);
      expect(refused.body.error?.message).toMatch(HAS_RUN);
      if (message.status !== 200) expect(message.body.error?.message).toMatch(IS_BUSY);
      const run = { threadId, runId: taken.body.id ?? '' };
      runs.push(run);
      expect(refused.body.error?.message).toContain(run.runId);
      await place().cancel(run);
      expect(await place().untilEnd(run)).toBe('cancelled');
      const kept = (await wire.get(`/threads/${threadId}/messages`)).body.data as unknown[];
      expect(kept).toHaveLength(message.status === 200 ? 2 : 1);
      return message.status === 200 ? 'message before the run' : 'message refused';
    });
    report('Two runs and a message on one thread', outcomes);
    expect(await findBreaches(place(), runs)).toEqual([]);
  }, 240_000);

  it(`lets a message and a next run into each of ${count} threads, before the end of its run or after`, async () => {
    const aim = new Aim(await place().typicalDuration());
    const runs: RacedRun[] = [];
    const outcomes = await race(count, async (random) => {
      const { wire, assistantId } = place();
      const run = await place().begin('speak');
      runs.push(run);
      await sleep(aim.delay(random));
      const thread = `/threads/${run.threadId}`;
      const [message, next] = await Promise.all([
        wire.post(`${thread}/messages`, { role: 'user', content: 'speak again', queue: true }),
        wire.post(`${thread}/runs`, { assistant_id: assistantId }),
      ]);
      expect(message.status).toBe(200);
      if (next.status === 200) {
        runs.push({ threadId: run.threadId, runId: next.body.id ?? '' });
        aim.tooLate();
      } else {
        expect(next.body.error?.message).toMatch(HAS_RUN);
        aim.tooEarly();
      }
      for (const each of runs.filter(({ threadId }) => threadId === run.threadId)) {
        expect(await place().untilEnd(each)).toBe('completed');
      }
      const kept = (await wire.get(`${thread}/messages`)).body.data as { id: string; role: string }[];
      expect(kept.map(({ id }) => id)).toContain(message.body.id);
      expect(kept.map(({ role }) => role).sort()).toEqual([
        ...(next.status === 200 ? ['assistant'] : []),
        ...['assistant', 'user', 'user'],
      ]);
      return next.status === 200 ? 'next run taken' : 'next run refused';
    });
    report('Message and run at the end of a run', outcomes);
    expect(await findBreaches(place(), runs)).toEqual([]);
    expect(new Set(outcomes).size).toBe(2);
  }, 240_000);
}
