import { toFile } from 'openai';
import { eventually } from '../../support/eventually.js';
import type { ScriptedTurn } from '../../fakes/model-server/index.js';
import { plainHeaders, useContractPlace } from './contract-place.js';
import { expectGoodDeltas } from './delta-rules.js';
import { allFrames, dataOf, one, outlineOf, readFrames, type Body, type Frame } from './raw-stream.js';
import { SDK_6 } from './sdks.js';

/** openai-wire.md section 5.2. */
const RUN_BEGINS = ['run.created (queued)', 'run.queued (queued)', 'run.in_progress (in_progress)'];
const MESSAGE_BEGINS = [
  'run.step.created (in_progress)',
  'run.step.in_progress (in_progress)',
  'message.created (in_progress)',
  'message.in_progress (in_progress)',
  'message.delta',
];
const MESSAGE = [...MESSAGE_BEGINS, 'message.completed (completed)', 'run.step.completed (completed)'];
const TOOL_BEGINS = ['run.step.created (in_progress)', 'run.step.in_progress (in_progress)', 'run.step.delta'];
const TOOL = [...TOOL_BEGINS, 'run.step.completed (completed)'];
const COMPLETES = ['run.completed (completed)', 'done'];

const LONG: ScriptedTurn = { text: 'word '.repeat(300), delayMs: 25 };
const CALLS: ScriptedTurn = {
  toolCalls: [
    { name: 'weather', arguments: { place: 'Bern', days: 3 } },
    { name: 'time', arguments: { zone: 'Europe/Zurich' } },
  ],
};
const TOOLS = ['weather', 'time'].map((name) => ({ type: 'function' as const, function: { name } }));

describe('the streams of section 5.2, over plain HTTP', () => {
  const place = useContractPlace(SDK_6);
  let token: string;

  beforeAll(async () => {
    token = await place.server.logIn('contractor');
  });

  async function post(path: string, body?: unknown): Promise<Response> {
    return place.validating.fetch(`${place.server.baseUrl}/v1${path}`, {
      method: 'POST',
      headers: { ...plainHeaders(token), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function streamRun(script: ScriptedTurn[], more: object = {}, tools: object[] = []): Promise<Response> {
    place.model.setScript(script);
    const { threadId, assistant_id } = await place.assistantAndThread({ tools: tools as never });
    return post(`/threads/${threadId}/runs`, { assistant_id, stream: true, ...more });
  }

  /** Reads to the end; when the given event comes, does something on the way. */
  async function readOn(response: Response, event: string, act: (data: Body) => Promise<unknown>): Promise<Frame[]> {
    const frames: Frame[] = [];
    let acted: Promise<unknown> | undefined;
    for await (const frame of readFrames(response)) {
      frames.push(frame);
      if (frame.event === event) acted ??= act(frame.data);
    }
    await acted;
    return frames;
  }

  const cancelOf = (frames: readonly Frame[]): Body => one(dataOf(frames, 'thread.run.cancelled'));
  const cancel = (message: Body): Promise<Response> =>
    post(`/threads/${String(message['thread_id'])}/runs/${String(message['run_id'])}/cancel`);

  it('(a) text', async () => {
    const response = await streamRun([{ text: 'One two three.', usage: { promptTokens: 5, completionTokens: 4 } }]);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const frames = await allFrames(response);
    expect(outlineOf(frames)).toEqual([...RUN_BEGINS, ...MESSAGE, ...COMPLETES]);
    expectGoodDeltas(frames);
    const created = one(dataOf(frames, 'thread.run.created'));
    expect(created).toMatchObject({ started_at: null, expires_at: Number(created['created_at']) + 600, usage: null });
    expect(one(dataOf(frames, 'thread.run.in_progress'))['started_at']).toEqual(expect.any(Number));
    const message = one(dataOf(frames, 'thread.message.created'));
    expect(message).toMatchObject({ content: [], attachments: [], completed_at: null });
    expect(one(dataOf(frames, 'thread.run.step.created'))).toMatchObject({
      type: 'message_creation',
      step_details: { type: 'message_creation', message_creation: { message_id: message.id } },
    });
    expect(one(dataOf(frames, 'thread.run.step.completed'))['usage']).toMatchObject({ total_tokens: 9 });
    expect(one(dataOf(frames, 'thread.run.completed'))).toMatchObject({
      expires_at: null,
      completed_at: expect.any(Number) as number,
      usage: { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 },
    });
  });

  it('(a) text, of a run that makes its thread', async () => {
    place.model.setScript([{ text: 'Hi.' }]);
    const { assistant_id } = await place.assistantAndThread();
    const frames = await allFrames(await post('/threads/runs', { assistant_id, stream: true }));
    expect(outlineOf(frames)).toEqual(['created', ...RUN_BEGINS, ...MESSAGE, ...COMPLETES]);
    expect(one(dataOf(frames, 'thread.created')).id).toBe(one(dataOf(frames, 'thread.run.created'))['thread_id']);
  });

  it('(b) code interpreter, with words before and after', async () => {
    const code = "for n in range(3):\n    print('n is', n)";
    const call = { name: 'code_interpreter', arguments: { code } };
    const response = await streamRun([{ text: 'Let me see.', toolCalls: [call] }, { text: 'There are three.' }], {}, [
      { type: 'code_interpreter' },
    ]);
    const frames = await allFrames(response);
    expect(outlineOf(frames)).toEqual([...RUN_BEGINS, ...MESSAGE, ...TOOL, ...MESSAGE, ...COMPLETES]);
    expectGoodDeltas(frames);
    const deltas = dataOf(frames, 'thread.run.step.delta').map(({ delta }) => delta?.step_details?.tool_calls?.[0]);
    expect(deltas[0]).toEqual({
      index: 0,
      id: expect.any(String) as string,
      type: 'code_interpreter',
      code_interpreter: { input: '', outputs: [] },
    });
    const [, done] = dataOf(frames, 'thread.run.step.completed');
    expect(done?.step_details?.tool_calls).toEqual([
      {
        id: deltas[0]?.id,
        type: 'code_interpreter',
        code_interpreter: { input: code, outputs: [{ type: 'logs', logs: 'n is 0\nn is 1\nn is 2\n' }] },
      },
    ]);
  });

  it('(c) file search', async () => {
    const { files, vectorStores, beta } = place.client;
    const file = await files.create({
      file: await toFile(Buffer.from("Filip's favorite food is cake."), 'favorite_foods.txt'),
      purpose: 'assistants',
    });
    const store = await vectorStores.create({});
    await vectorStores.files.createAndPoll(store.id, { file_id: file.id });
    const { id: thread_id } = await beta.threads.create({
      messages: [{ role: 'user', content: 'What does Filip like?' }],
      tool_resources: { file_search: { vector_store_ids: [store.id] } },
    });
    const { id: assistant_id } = await beta.assistants.create({
      model: place.model.model,
      tools: [{ type: 'file_search' }],
    });
    const queries = ['favorite food of Filip'];
    place.model.setScript([
      { toolCalls: [{ name: 'file_search', arguments: { queries } }] },
      { text: 'Filip likes cake[[1]].', chunkSize: 3 },
    ]);
    const frames = await allFrames(await post(`/threads/${thread_id}/runs`, { assistant_id, stream: true }));
    expect(outlineOf(frames)).toEqual([...RUN_BEGINS, ...TOOL, ...MESSAGE, ...COMPLETES]);
    expectGoodDeltas(frames);
    const ranking_options = { ranker: 'default_2024_08_21', score_threshold: 0 };
    const call = { id: expect.stringMatching(/./) as string, type: 'file_search' };
    const delta = { index: 0, ...call, file_search: { ranking_options, results: [] } };
    expect(dataOf(frames, 'thread.run.step.delta').map((each) => each.delta)).toEqual([
      { step_details: { type: 'tool_calls', tool_calls: [delta] } },
    ]);
    const [searched] = dataOf(frames, 'thread.run.step.completed');
    const found = {
      file_id: file.id,
      file_name: 'favorite_foods.txt',
      score: expect.any(Number) as number,
      attributes: {},
      page: null,
      headings: [],
    };
    expect(searched?.step_details).toEqual({
      type: 'tool_calls',
      tool_calls: [{ ...call, file_search: { ranking_options, results: [found] } }],
    });
    const token = '【0:0†favorite_foods.txt】';
    const citedAt = { text: token, start_index: 16, end_index: 16 + token.length };
    const parts = dataOf(frames, 'thread.message.delta').flatMap((each) => each.delta?.content ?? []);
    const cited = { type: 'file_citation', ...citedAt, file_citation: { file_id: file.id, quote: '' } };
    expect(parts).toContainEqual({
      index: 0,
      type: 'text',
      text: { value: token, annotations: [{ index: 0, ...cited }] },
    });
    expect(one(dataOf(frames, 'thread.message.completed')).content).toEqual([
      {
        type: 'text',
        text: {
          value: `Filip likes cake${token}.`,
          annotations: [{ ...cited, file_citation: { file_id: file.id } }],
        },
      },
    ]);
  });

  it('(d) functions, called in parallel, and their outputs', async () => {
    const usage = { promptTokens: 7, completionTokens: 3 };
    const frames = await allFrames(
      await streamRun(
        [
          { ...CALLS, usage },
          { text: 'Fine.', usage },
        ],
        {},
        TOOLS,
      ),
    );
    expect(outlineOf(frames)).toEqual([...RUN_BEGINS, ...TOOL_BEGINS, 'run.requires_action (requires_action)', 'done']);
    expectGoodDeltas(frames);
    const deltas = dataOf(frames, 'thread.run.step.delta').flatMap(
      ({ delta }) => delta?.step_details?.tool_calls ?? [],
    );
    expect(deltas.filter(({ id }) => id !== undefined)).toMatchObject([
      { index: 0, function: { name: 'weather', arguments: '', output: null } },
      { index: 1, function: { name: 'time', arguments: '', output: null } },
    ]);
    expect(deltas.map(({ index }) => index)).toEqual(deltas.map(({ index }) => index).sort());
    const waiting = one(dataOf(frames, 'thread.run.requires_action'));
    expect(waiting).toMatchObject({ usage: null, required_action: { type: 'submit_tool_outputs' } });

    const tool_outputs = deltas.flatMap(({ id }) => (id === undefined ? [] : { tool_call_id: id, output: 'good' }));
    const path = `/threads/${String(waiting['thread_id'])}/runs/${String(waiting.id)}/submit_tool_outputs`;
    const rest = await allFrames(await post(path, { tool_outputs, stream: true }));
    expect(outlineOf(rest)).toEqual([
      'run.step.completed (completed)',
      ...RUN_BEGINS.slice(1),
      ...MESSAGE,
      ...COMPLETES,
    ]);
    expectGoodDeltas(rest);
    const [step] = dataOf(rest, 'thread.run.step.completed');
    expect(step).toMatchObject({
      usage: { total_tokens: 10 },
      step_details: { tool_calls: [{ function: { output: 'good' } }, { function: { output: 'good' } }] },
    });
    const started = Number(one(dataOf(frames, 'thread.run.in_progress'))['started_at']);
    expect(one(dataOf(rest, 'thread.run.queued'))).toMatchObject({ required_action: null, started_at: started });
    const again = one(dataOf(rest, 'thread.run.in_progress'));
    expect(Number(again['started_at'])).toBeGreaterThanOrEqual(started);
    expect(again['expires_at']).toBe(waiting['expires_at']);
    expect(one(dataOf(rest, 'thread.run.completed'))['usage']).toMatchObject({ total_tokens: 20 });
  });

  it('(e) cancel by another client, in the middle of the text', async () => {
    const frames = await readOn(await streamRun([LONG]), 'thread.message.in_progress', cancel);
    const outline = outlineOf(frames).filter((line) => line !== 'message.delta');
    expect(outline).toEqual([
      ...RUN_BEGINS,
      ...MESSAGE_BEGINS.slice(0, -1),
      'run.cancelling (cancelling)',
      'message.incomplete (incomplete)',
      'run.step.cancelled (cancelled)',
      'run.cancelled (cancelled)',
      'done',
    ]);
    expect(one(dataOf(frames, 'thread.message.incomplete'))).toMatchObject({
      incomplete_details: { reason: 'run_cancelled' },
      incomplete_at: expect.any(Number) as number,
    });
    expect(cancelOf(frames)).toMatchObject({ cancelled_at: expect.any(Number) as number, expires_at: null });
    await eventually(() => expect(place.model.chats.at(-1)?.closedEarly).toBe(true));
  });

  it('(e) cancel while the run waits for outputs', async () => {
    const frames = await allFrames(await streamRun([CALLS], {}, TOOLS));
    const { id, thread_id } = one(dataOf(frames, 'thread.run.requires_action'));
    const path = `${place.server.baseUrl}/v1/threads/${String(thread_id)}/runs/${String(id)}`;
    await post(`/threads/${String(thread_id)}/runs/${String(id)}/cancel`);
    const headers = plainHeaders(token);
    const after = frames.length - 1;
    const rest = await allFrames(await place.validating.fetch(`${path}/stream?starting_after=${after}`, { headers }));
    expect(outlineOf(rest)).toEqual([
      'run.cancelling (cancelling)',
      'run.step.cancelled (cancelled)',
      'run.cancelled (cancelled)',
      'done',
    ]);
    expect(cancelOf(rest)).toMatchObject({ required_action: null, expires_at: null });
  });

  it('(f) failure before the first word', async () => {
    const frames = await allFrames(await streamRun([{ error: { status: 500 }, repeat: true }]));
    expect(outlineOf(frames)).toEqual([...RUN_BEGINS, 'run.failed (failed)', 'done']);
    expect(one(dataOf(frames, 'thread.run.failed'))).toMatchObject({
      last_error: { code: 'server_error', message: expect.any(String) as string },
      failed_at: expect.any(Number) as number,
      expires_at: null,
    });
  });

  it('(f) failure in the middle of the text', async () => {
    const frames = await allFrames(await streamRun([{ text: 'A text that breaks off here', cut: 'mid-stream' }]));
    expect(outlineOf(frames)).toEqual([
      ...RUN_BEGINS,
      ...MESSAGE_BEGINS,
      'message.incomplete (incomplete)',
      'run.step.failed (failed)',
      'run.failed (failed)',
      'done',
    ]);
    expectGoodDeltas(frames);
    expect(one(dataOf(frames, 'thread.message.incomplete'))['incomplete_details']).toEqual({ reason: 'run_failed' });
    expect(one(dataOf(frames, 'thread.run.step.failed'))).toMatchObject({
      failed_at: expect.any(Number) as number,
      last_error: { code: 'server_error' },
    });
  });

  it('(g) incomplete', async () => {
    const turn = { text: 'Half of', finishReason: 'length', usage: { promptTokens: 3, completionTokens: 256 } };
    const frames = await allFrames(await streamRun([turn], { max_completion_tokens: 256 }));
    expect(outlineOf(frames)).toEqual([
      ...RUN_BEGINS,
      ...MESSAGE_BEGINS,
      'message.incomplete (incomplete)',
      'run.step.completed (completed)',
      'run.incomplete (incomplete)',
      'done',
    ]);
    expect(one(dataOf(frames, 'thread.message.incomplete'))['incomplete_details']).toEqual({ reason: 'max_tokens' });
    expect(one(dataOf(frames, 'thread.run.incomplete'))).toMatchObject({
      incomplete_details: { reason: 'max_completion_tokens' },
      usage: { completion_tokens: 256 },
    });
  });
});
