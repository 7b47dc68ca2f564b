import { EXPIRY_BY_METADATA } from '../../../race/support/race-database.js';
import { eventually } from '../../../support/eventually.js';
import { plainHeaders, textOf, type ContractPlace } from '../contract-place.js';
import { expectGoodDeltas } from '../delta-rules.js';
import { allFrames, dataOf, one, outlineOf, type Frame } from '../raw-stream.js';

/**
 * The ten minutes of a run are over at once where the test says so in its database.
 * @param query asks the server's database, and gives how many rows it was about
 */
export function describeRunExpiry(
  place: ContractPlace,
  query: (sql: string, values?: unknown[]) => Promise<number | null>,
): void {
  async function expire(runId: string): Promise<void> {
    const sql = "UPDATE runs SET expires_at = now() - interval '1 second' WHERE id = $1";
    expect(await query(sql, [runId])).toBe(1);
  }

  it('a run whose client never sends its outputs expires, with its step, and frees its thread', async () => {
    const { runs, messages } = place.client.beta.threads;
    place.model.setScript([{ toolCalls: [{ name: 'look', arguments: {} }] }]);
    const tools = [{ type: 'function' as const, function: { name: 'look' } }];
    const { threadId, assistant_id } = await place.assistantAndThread({ tools });
    const waiting = await runs.createAndPoll(threadId, { assistant_id });
    await expire(waiting.id);
    await eventually(async () =>
      expect(await runs.retrieve(waiting.id, { thread_id: threadId })).toMatchObject({
        status: 'expired',
        required_action: null,
      }),
    );
    const [step] = await place.steps(waiting);
    expect(step).toMatchObject({ status: 'expired', expired_at: expect.any(Number) as number });
    const late = runs.submitToolOutputs(waiting.id, { thread_id: threadId, tool_outputs: [] });
    await expect(late).rejects.toThrow('Runs in status "expired" do not accept tool outputs.');
    await messages.create(threadId, { role: 'user', content: 'The thread is free.' });
    const headers = plainHeaders(await place.server.logIn('contractor'));
    const path = `${place.server.baseUrl}/v1/threads/${threadId}/runs/${waiting.id}/stream`;
    const frames = await allFrames(await place.validating.fetch(path, { headers }));
    expect(outlineOf(frames).slice(-3)).toEqual(['run.step.expired (expired)', 'run.expired (expired)', 'done']);
    expect(one(dataOf(frames, 'thread.run.expired')).id).toBe(waiting.id);
  });

  describe('by itself', () => {
    const LONG = { text: 'word '.repeat(300), delayMs: 25 };

    beforeAll(() => query(EXPIRY_BY_METADATA));

    async function framesOf(threadId: string, runId: string): Promise<Frame[]> {
      const headers = plainHeaders(await place.server.logIn('contractor'));
      const path = `${place.server.baseUrl}/v1/threads/${threadId}/runs/${runId}/stream`;
      return allFrames(await place.validating.fetch(path, { headers }));
    }

    it('a run expires while the model speaks, and its stream tells it to the end', async () => {
      const { runs } = place.client.beta.threads;
      const { threadId, assistant_id } = await place.assistantAndThread();
      place.model.setScript([LONG]);
      const stream = runs.stream(threadId, { assistant_id, metadata: { expires_in_ms: '900' } });
      const run = await stream.finalRun();
      expect(run).toMatchObject({ status: 'expired', completed_at: null, failed_at: null, cancelled_at: null });
      const frames = await framesOf(threadId, run.id);
      expectGoodDeltas(frames);
      expect(outlineOf(frames).slice(-5)).toEqual([
        'message.delta',
        'message.incomplete (incomplete)',
        'run.step.expired (expired)',
        'run.expired (expired)',
        'done',
      ]);
      const message = (await place.messages(threadId)).at(-1);
      expect(message).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'run_expired' } });
      expect(textOf(message)).toMatch(/^word /);
      await eventually(() => expect(place.model.chats.at(-1)?.closedEarly).toBe(true));
    });

    it('a run expires in the queue, without a step', async () => {
      const { runs } = place.client.beta.threads;
      const busy = await place.assistantAndThread();
      const waiting = await place.assistantAndThread();
      place.model.setScript([LONG]);
      const first = await runs.create(busy.threadId, { assistant_id: busy.assistant_id });
      await eventually(async () => expect(await place.steps(first)).toHaveLength(1));
      const run = await runs.create(waiting.threadId, {
        assistant_id: waiting.assistant_id,
        metadata: { expires_in_ms: '300' },
      });
      const ended = await runs.poll(run.id, { thread_id: waiting.threadId });
      expect(ended).toMatchObject({ status: 'expired', started_at: null });
      expect(await place.steps(ended)).toEqual([]);
      expect(outlineOf(await framesOf(waiting.threadId, run.id))).toEqual([
        'run.created (queued)',
        'run.queued (queued)',
        'run.expired (expired)',
        'done',
      ]);
      await runs.cancel(first.id, { thread_id: busy.threadId });
      await runs.poll(first.id, { thread_id: busy.threadId });
    });
  });
}
