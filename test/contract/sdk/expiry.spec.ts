import pg from 'pg';
import { makePlace, type DatabasePlace } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { describeWith } from '../../support/requirements.js';
import { plainHeaders, useContractPlace } from './contract-place.js';
import { allFrames, dataOf, one, outlineOf } from './raw-stream.js';
import { SDK_4, SDK_6, SDK_7 } from './sdks.js';

/** The ten minutes of a run are over at once where the test says so in its database. */
describeWith('postgres', 'runs that expire', () => {
  describe.each([SDK_4, SDK_6, SDK_7])('openai $version', (sdk) => {
    let database: DatabasePlace;
    let url = '';
    const place = useContractPlace(sdk, async () => {
      database = await makePlace('server');
      if (database.location.engine === 'server') ({ url } = database.location);
      return { env: { DATABASE_URL: url, RUN_REAP_INTERVAL_SECONDS: '1' } };
    });
    afterAll(() => database.remove());

    async function expire(runId: string): Promise<void> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const sql = "UPDATE runs SET expires_at = now() - interval '1 second' WHERE id = $1";
        expect((await client.query(sql, [runId])).rowCount).toBe(1);
      } finally {
        await client.end();
      }
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
  });
});
