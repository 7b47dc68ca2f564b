import { sleep } from '@libs/kernel';
import { race, report } from '../support/race.js';
import type { RacePlace } from '../support/race-place.js';

/** A run lasts about so long where many run at once. */
const SPREAD_MS = 400;

export function describeDeletion(place: () => RacePlace, count: number): void {
  it(`deletes each of ${count} threads at once, whatever its run does in that moment`, async () => {
    const outcomes = await race(count, async (random) => {
      const run = await place().begin('speak');
      await sleep(random() * SPREAD_MS);
      const deleted = await place().wire.delete(`/threads/${run.threadId}`);
      expect(deleted).toMatchObject({ status: 200, body: { deleted: true } });
      expect((await place().wire.get(place().path(run))).status).toBe(404);
      return 'deleted';
    });
    report('Threads during their runs', outcomes);
  }, 240_000);

  it('ends the stream of a run whose thread is deleted, and goes on with others', async () => {
    const run = await place().begin('drag on');
    const reading = place().wire.history(run.threadId, run.runId);
    await sleep(SPREAD_MS);
    await place().wire.delete(`/threads/${run.threadId}`);
    const told = await reading;
    expect(told.map(({ event }) => event)).toContain('thread.run.queued');
    expect(told.at(-1)).toMatchObject({ event: 'error', data: { error: { type: 'invalid_request_error' } } });
    expect(await place().untilEnd(await place().begin('speak'))).toBe('completed');
  });

  it('completes a run whose assistant is deleted', async () => {
    const { wire, models } = place();
    const assistantId = await wire.create('/assistants', { model: models.model });
    const thread = { messages: [{ role: 'user', content: 'speak' }] };
    const { body } = await wire.post('/threads/runs', { assistant_id: assistantId, thread });
    const run = { threadId: String(body.thread_id), runId: body.id ?? '' };
    expect((await wire.delete(`/assistants/${assistantId}`)).status).toBe(200);
    expect(await place().untilEnd(run)).toBe('completed');
    expect((await wire.get(place().path(run))).body.assistant_id).toBe(assistantId);
  });
}
