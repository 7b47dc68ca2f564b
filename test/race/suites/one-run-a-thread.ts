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
  }, 120_000);
}
