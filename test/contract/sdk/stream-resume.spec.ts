import { eventually } from '../../support/eventually.js';
import type { ScriptedTurn } from '../../fakes/model-server/index.js';
import { plainHeaders, textOf, useContractPlace } from './contract-place.js';
import { expectGoodDeltas } from './delta-rules.js';
import { allFrames, dataOf, one, outlineOf, readFrames, type Frame } from './raw-stream.js';
import { SDK_6 } from './sdks.js';

const WORDS = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
const SLOW: ScriptedTurn = { text: WORDS, delayMs: 25 };

interface Cut {
  frames: Frame[];
  threadId: string;
  runId: string;
}

describe('streams that break off and go on', () => {
  const place = useContractPlace(SDK_6);
  let token: string;

  beforeAll(async () => {
    token = await place.server.logIn('contractor');
  });

  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...plainHeaders(token), 'content-type': 'application/json', ...init.headers };
    return place.validating.fetch(`${place.server.baseUrl}/v1${path}`, { ...init, headers });
  }

  /** Begins a streamed run and drops its connection after so many events. */
  async function cutAfter(events: number): Promise<Cut> {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const drop = new AbortController();
    const body = JSON.stringify({ assistant_id, stream: true });
    const response = await call(`/threads/${threadId}/runs`, { method: 'POST', body, signal: drop.signal });
    const frames: Frame[] = [];
    for await (const frame of readFrames(response)) {
      frames.push(frame);
      if (frames.length === events) break;
    }
    drop.abort();
    return { frames, threadId, runId: one(dataOf(frames, 'thread.run.created')).id ?? '' };
  }

  const idsOf = (frames: readonly Frame[]): (number | undefined)[] =>
    frames.filter(({ event }) => event !== 'done').map(({ id }) => id);
  const countTo = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

  it.each([
    ['the header Last-Event-ID', 'header'],
    ['the query starting_after', 'query'],
  ])('each event comes once when the stream is resumed by %s', async (_what, by) => {
    place.model.setScript([SLOW]);
    const { frames, threadId, runId } = await cutAfter(12);
    const last = String(frames.at(-1)?.id);
    const path = `/threads/${threadId}/runs/${runId}/stream`;
    const rest =
      by === 'header'
        ? await call(path, { headers: { 'last-event-id': last } })
        : await call(`${path}?starting_after=${last}`);
    const all = [...frames, ...(await allFrames(rest))];
    expect(idsOf(all)).toEqual(countTo(all.length - 1));
    expect(all.at(-1)?.event).toBe('done');
    expectGoodDeltas(all);
    expect(one(dataOf(all, 'thread.run.completed')).id).toBe(runId);
    expect(textOf((await place.messages(threadId)).at(-1))).toBe(WORDS);
    // Nothing was done twice: the model was asked once.
    expect(place.model.chats.at(-1)?.closedEarly).toBe(false);
    expect(await allFrames(await call(path))).toEqual(all);
  });

  it('a dropped connection does not stop the run', async () => {
    place.model.setScript([SLOW]);
    const { threadId, runId } = await cutAfter(10);
    const { runs } = place.client.beta.threads;
    await eventually(async () =>
      expect((await runs.retrieve(runId, { thread_id: threadId })).status).toBe('completed'),
    );
    expect(textOf((await place.messages(threadId)).at(-1))).toBe(WORDS);
  });

  it('a stream is told again from its start, from its middle and behind its end', async () => {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await place.client.beta.threads.runs.createAndPoll(threadId, { assistant_id });
    const path = `/threads/${threadId}/runs/${run.id}/stream`;
    const all = await allFrames(await call(path));
    expect(idsOf(all)).toEqual(countTo(all.length - 1));
    const middle = await allFrames(await call(`${path}?starting_after=5`));
    expect(middle).toEqual(all.slice(5));
    expect(outlineOf(await allFrames(await call(`${path}?starting_after=${all.length + 5}`)))).toEqual(['done']);
  });

  it('goes on behind the outputs that the run waited for', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'look' } }];
    place.model.setScript([{ toolCalls: [{ name: 'look', arguments: {} }] }, { text: 'Seen.' }]);
    const { threadId, assistant_id } = await place.assistantAndThread({ tools });
    const { runs } = place.client.beta.threads;
    const run = await runs.createAndPoll(threadId, { assistant_id });
    const tool_outputs = (run.required_action?.submit_tool_outputs.tool_calls ?? []).map(({ id }) => ({
      tool_call_id: id,
      output: 'a cat',
    }));
    await runs.submitToolOutputsAndPoll(run.id, { thread_id: threadId, tool_outputs });
    const all = await allFrames(await call(`/threads/${threadId}/runs/${run.id}/stream`));
    expect(idsOf(all)).toEqual(countTo(all.length - 1));
    expect(dataOf(all, 'thread.run.requires_action')).toHaveLength(1);
    expect(dataOf(all, 'thread.run.completed')).toHaveLength(1);
  });

  it('ends with an error when its thread is deleted', async () => {
    place.model.setScript([{ text: WORDS, delayMs: 250 }]);
    const { threadId, assistant_id } = await place.assistantAndThread();
    const body = JSON.stringify({ assistant_id, stream: true });
    const response = await call(`/threads/${threadId}/runs`, { method: 'POST', body });
    const frames: Frame[] = [];
    for await (const frame of readFrames(response)) {
      frames.push(frame);
      if (frame.event === 'thread.message.created') await place.client.beta.threads.delete(threadId);
    }
    expect(frames.at(-1)).toMatchObject({
      event: 'error',
      data: { error: { message: expect.stringContaining('run_') as string, type: 'invalid_request_error' } },
    });
  });

  it('is refused where the number is none, and where the run is not there', async () => {
    const { threadId, assistant_id } = await place.assistantAndThread();
    const run = await place.client.beta.threads.runs.createAndPoll(threadId, { assistant_id });
    const path = `/threads/${threadId}/runs/${run.id}/stream`;
    expect((await call(`${path}?starting_after=some`)).status).toBe(400);
    expect((await call(`/threads/${threadId}/runs/run_x/stream`)).status).toBe(404);
  });
});
