import { TraceCollector, type CollectedSpan } from '../fakes/trace-collector/trace-collector.js';
import { eventually } from '../support/eventually.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { callWire } from './support/wire-call.js';

const collector = new TraceCollector();
let scripted: ScriptedServer;
let admin: string;

beforeAll(async () => {
  await collector.start();
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  scripted = await startScriptedServer({
    env: { MODEL_LOG: 'true', MODEL_LOG_MAX_MB: '8', MODEL_LOG_REDACT: 'the code word', ...traces },
  });
  admin = await scripted.server.logIn('admin', scripted.server.adminPassword);
});
afterAll(async () => {
  await scripted.stop();
  await collector.stop();
});

const read = (query: string, token = admin): ReturnType<typeof callWire> =>
  callWire(scripted.server, token, { method: 'GET', path: `/admin/model-log${query}` });

describe('the log of model calls', () => {
  it('tells administrators what a run sent and got', async () => {
    const { client, models, assistantId } = scripted;
    models.setScript([{ reasoning: 'Hm.', text: 'The answer, with the code word.' }]);
    const threadId = await scripted.newThread('A question.');
    const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
    expect(run.status).toBe('completed');
    const { body } = await read(`?run_id=${run.id}`);
    expect(body).toEqual({ object: 'list', data: [expect.any(Object)] });
    expect(body).toMatchObject({
      data: [
        {
          run_id: run.id,
          server: 'vllm',
          path: '/chat/completions',
          duration_ms: expect.any(Number) as number,
          answer: { text: 'The answer, with [redacted].', reasoning: 'Hm.', finishReason: 'stop' },
          error: null,
        },
      ],
    });
    expect(JSON.stringify(body)).toContain('A question.');
  });

  it('shows each round of an agent as it was sent', async () => {
    const { client, models } = scripted;
    models.setScript([{ toolCalls: [{ name: 'no_such_tool', arguments: {} }] }, { text: 'Then without.' }]);
    const asked = { model: models.model, messages: [{ role: 'user' as const, content: 'A question.' }] };
    const { id } = await client.chat.completions.create({ ...asked, tools: [{ type: 'calculator' } as never] });
    const { body } = await read(`?run_id=${id}`);
    const { data } = body as { data: { request: { messages: { role: string }[] } }[] };
    expect(data.map(({ request }) => request.messages.map(({ role }) => role))).toEqual([
      ['user', 'assistant', 'tool'],
      ['user'],
    ]);
  });

  it('has what was passed on, and what failed', async () => {
    const { client, models } = scripted;
    const request = { model: models.model, messages: [{ role: 'user' as const, content: 'Pass this on.' }] };
    models.setScript([{ text: 'Passed on.' }]);
    const passed = await client.chat.completions.create(request).withResponse();
    const requestId = passed.response.headers.get('x-request-id');
    models.setScript([{ error: { status: 500, message: 'Broken.' } }]);
    await expect(client.chat.completions.create(request)).rejects.toMatchObject({ status: 502 });
    const { body } = await read('?limit=2');
    expect(body).toMatchObject({
      data: [
        { run_id: expect.stringMatching(/^req_/) as string, answer: { status: 500 } },
        { run_id: requestId, request: { messages: [{ content: 'Pass this on.' }] }, answer: { status: 200 } },
      ],
    });
    const one = await read(`?run_id=${requestId}`);
    expect(one.body).toMatchObject({ data: [{ run_id: requestId, answer: { status: 200 } }] });
  });

  const SECRET_PLACES: [string, object[]][] = [
    ['a header in a text', [{ type: 'text', text: 'curl -H "Authorization: Basic aGlkZGVuOmhpZGRlbg=="' }]],
    ['an address with its user', [{ type: 'text', text: 'git clone https://ann:aGlkZGVuOmhpZGRlbg@host/x.git' }]],
    ['settings', [{ type: 'text', text: 'DB_PASSWORD=aGlkZGVuOmhpZGRlbg' }]],
    ['JSON in a text', [{ type: 'text', text: JSON.stringify({ api_key: 'aGlkZGVuOmhpZGRlbg' }) }]],
    [
      'an inline image',
      [{ type: 'image_url', image_url: { url: `data:image/png;base64,${'aGlkZGVuOmhpZGRlbg'.repeat(20)}` } }],
    ],
    ['a sound', [{ type: 'input_audio', input_audio: { data: 'aGlkZGVuOmhpZGRlbg'.repeat(20), format: 'wav' } }]],
  ];

  it.each(SECRET_PLACES)('shows no secret of %s, passed on or not', async (_title, content) => {
    const { client, models } = scripted;
    const asked = { model: models.model, messages: [{ role: 'user' as const, content: content as never }] };
    const answer = { text: 'The key is sk-aGlkZGVuOmhpZGRlbg, and the address https://x:aGlkZGVuOmhpZGRlbg@y.' };
    models.setScript([answer, answer]);
    await client.chat.completions.create({ ...asked, user: 'somebody' });
    await client.chat.completions.create({ ...asked, tools: [{ type: 'calculator' } as never] });
    const { body } = await read('?limit=2');
    const { data } = body as { data: object[] };
    expect(data).toHaveLength(2);
    for (const record of data) {
      expect(JSON.stringify(record)).toContain('The key is [redacted]');
      expect(JSON.stringify(record)).not.toContain('aGlkZGVuOmhpZGRlbg');
    }
  });

  it('keeps the head of a call that is too large for it', async () => {
    const { client, models } = scripted;
    // One word, and so a single token, to the imitation.
    const long = 'x'.repeat(60_000);
    const messages = Array.from({ length: 40 }, () => ({ role: 'user' as const, content: long }));
    models.setScript([{ text: 'Read.' }]);
    const tools = [{ type: 'calculator' } as never];
    const { id } = await client.chat.completions.create({ model: models.model, messages, tools });
    const { body } = await read(`?run_id=${id}`);
    expect(body).toMatchObject({
      data: [{ run_id: id, request: expect.stringMatching(/^\[\d+ characters left out\]$/) }],
    });
    expect(body).toMatchObject({ data: [{ answer: { text: 'Read.' } }] });
  });

  it('is for administrators alone', async () => {
    expect((await read('', scripted.token)).status).toBe(403);
    expect((await read('?limit=0')).status).toBe(400);
  });
});

describe('the spans that a collector gets', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const CLIENT_SPAN = 'b7ad6b7169203331';
  const headers = { traceparent: `00-${TRACE}-${CLIENT_SPAN}-01` };
  const CALLING = { toolCalls: [{ name: 'calculator', arguments: { expression: '17 * 23' } }] };
  const calculator = { type: 'calculator' } as never;

  async function spansOf(runId: string, count: number): Promise<CollectedSpan[]> {
    const found = (): CollectedSpan[] =>
      collector.spans.filter(({ attributes }) => attributes['threadmill.run.id'] === runId);
    await eventually(() => expect(found()).toHaveLength(count));
    return found();
  }

  /** The call of the model bears its own span on to the model server. */
  function sentOn(index: number): unknown {
    return scripted.models.chats.at(index)?.headers['traceparent'];
  }

  it('of a run: the agent under its request, and under it the turns of the model and the call of a tool', async () => {
    const { client, models } = scripted;
    models.setScript([CALLING, { text: 'It is 391.', usage: { promptTokens: 31, completionTokens: 5 } }]);
    const assistant = await client.beta.assistants.create({ model: models.model, tools: [calculator] });
    const threadId = await scripted.newThread('A question of nobody else.');
    const { id } = await client.beta.threads.runs.create(threadId, { assistant_id: assistant.id }, { headers });
    await client.beta.threads.runs.poll(id, { thread_id: threadId });
    const [first, tool, second, agent] = await spansOf(id, 4);
    expect(agent).toMatchObject({
      name: 'invoke_agent',
      traceId: TRACE,
      parentSpanId: CLIENT_SPAN,
      status: { code: 0 },
    });
    expect(agent?.attributes).toMatchObject({ 'gen_ai.conversation.id': threadId, 'threadmill.outcome': 'completed' });
    expect(first).toMatchObject({ name: `chat ${models.model}`, traceId: TRACE, parentSpanId: agent?.spanId, kind: 3 });
    expect(tool).toMatchObject({ name: 'execute_tool calculator', traceId: TRACE, parentSpanId: agent?.spanId });
    expect(second).toMatchObject({ name: `chat ${models.model}`, traceId: TRACE, parentSpanId: agent?.spanId });
    expect(second?.attributes).toMatchObject({
      'gen_ai.request.model': models.model,
      'gen_ai.usage.input_tokens': 31,
      'gen_ai.usage.output_tokens': 5,
    });
    expect([sentOn(-2), sentOn(-1)]).toEqual([`00-${TRACE}-${first?.spanId}-01`, `00-${TRACE}-${second?.spanId}-01`]);
    expect(collector.received).not.toMatch(/question of nobody|It is 391|17 \* 23/);
  });

  it('of an agent in a chat completion, also where it fails', async () => {
    const { client, models } = scripted;
    models.setScript([{ error: { status: 400, message: 'The prompt is a secret.' } }]);
    const messages = [{ role: 'user' as const, content: 'Hi.' }];
    const asked = { model: models.model, messages, agent_type: 'chat' };
    const seen = new Set(collector.spans);
    await expect(client.chat.completions.create(asked, { headers })).rejects.toMatchObject({ status: 400 });
    const fresh = (): CollectedSpan[] => collector.spans.filter((span) => !seen.has(span));
    await eventually(() => expect(fresh()).toHaveLength(2));
    const [chat, agent] = fresh();
    expect(agent).toMatchObject({ name: 'invoke_agent chat', parentSpanId: CLIENT_SPAN, status: { code: 2 } });
    expect(chat).toMatchObject({ parentSpanId: agent?.spanId, status: { code: 2 } });
    expect(chat?.attributes).toMatchObject({ 'error.type': 'rejected' });
    expect(JSON.stringify([chat, agent])).not.toContain('secret');
  });

  it('of a chat completion that is passed on, whole and as a stream', async () => {
    const { client, models } = scripted;
    const messages = [{ role: 'user' as const, content: 'Pass this secret on.' }];
    const asked = { model: models.model, messages };
    for (const stream of [false, true]) {
      models.setScript([{ text: 'A secret.', usage: { promptTokens: 31, completionTokens: 5 } }]);
      const options = stream ? { stream, stream_options: { include_usage: true } } : {};
      const response = await client.chat.completions.create({ ...asked, ...options }, { headers }).asResponse();
      expect(await response.text()).toContain('secret.');
      const [span] = await spansOf(response.headers.get('x-request-id') ?? '', 1);
      expect(span).toMatchObject({ name: `chat ${models.model}`, traceId: TRACE, parentSpanId: CLIENT_SPAN, kind: 3 });
      expect(span?.attributes).toMatchObject({
        'gen_ai.usage.input_tokens': 31,
        'gen_ai.usage.output_tokens': 5,
      });
      expect(sentOn(-1)).toBe(`00-${TRACE}-${span?.spanId}-01`);
    }
    models.setScript([{ error: { status: 400, message: 'The prompt is a secret.' } }]);
    const seen = new Set(collector.spans);
    await expect(client.chat.completions.create(asked, { headers })).rejects.toMatchObject({ status: 400 });
    const fresh = (): CollectedSpan[] => collector.spans.filter((span) => !seen.has(span));
    await eventually(() => expect(fresh()).toHaveLength(1));
    expect(fresh()).toMatchObject([{ status: { code: 2 }, attributes: { 'error.type': 'rejected' } }]);
    expect(collector.received).not.toContain('secret');
  });
});
