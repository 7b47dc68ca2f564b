import { createServer } from 'node:net';
import { createModelGateway, type ChatModel, type ChatRequest, type ModelGateway } from '@libs/llm';
import {
  ModelServerProcess,
  type ChatTemplate,
  type ProfileName,
  type RemoteModelServer,
  type ScriptedTurn,
} from '../../fakes/model-server/index.js';
import { eventually } from '../../support/eventually.js';
import { collect, failureOf, textOf } from './chat-model.contract.js';

type Dialect = 'native' | 'openai';

const CASES: [ProfileName, Dialect][] = [
  ['vllm', 'openai'],
  ['ollama', 'openai'],
  ['ollama', 'native'],
  ['llamacpp', 'openai'],
];

/** A piece of an answer as the dialect writes it. */
function pieceOf(dialect: Dialect, text: string, reason: string | null): string {
  if (dialect === 'openai') {
    return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text }, finish_reason: reason }] })}\n\n`;
  }
  const end = reason === null ? { done: false } : { done: true, done_reason: reason };
  return `${JSON.stringify({ message: { role: 'assistant', content: text }, ...end })}\n`;
}

const ends: Record<Dialect, string[]> = { openai: ['data: [DONE]\n\n'], native: [] };

let models: ModelServerProcess;
beforeAll(async () => {
  models = await ModelServerProcess.start(['vllm', 'ollama', 'llamacpp']);
});
afterAll(() => models.kill());

describe.each(CASES)('the chat client on %s, dialect %s', (profile, dialect) => {
  let server: RemoteModelServer;
  let gateway: ModelGateway;
  let chat: ChatModel;

  beforeEach(async () => {
    server = models.serverOf(profile);
    await server.reset();
    const hosts = { [profile]: server.url };
    gateway = createModelGateway({ backend: profile, hosts, ollamaApi: dialect, timeoutMs: 400, maxRetries: 2 });
    chat = (await gateway.resolve(server.model)).chat;
  });
  afterEach(() => gateway.close());

  const ask = async (...turns: ScriptedTurn[]): Promise<ChatRequest> => {
    await server.setScript(turns);
    return { model: server.model, messages: [{ role: 'user', content: 'Go.' }] };
  };

  const untilClosed = (): Promise<void> =>
    eventually(async () => expect((await server.chats())[0]?.closedEarly).toBe(true));

  it('gives text, reasoning and usage as the server meant them', async () => {
    const usage = { promptTokens: 101, completionTokens: 17 };
    const request = await ask({ reasoning: 'Let me think.', text: 'Grüße, 世界 🌍!', chunkSize: 1, usage });
    const deltas = await collect(chat.stream(request));
    expect(textOf(deltas)).toBe('Grüße, 世界 🌍!');
    const reasoning = deltas.map((delta) => (delta.type === 'reasoning' ? delta.text : '')).join('');
    expect(reasoning).toBe('Let me think.');
    expect(deltas.at(-1)).toEqual({ type: 'usage', usage: { ...usage, cachedTokens: 0, reasoningTokens: 0 } });
    const streaming = dialect === 'openai' ? { stream_options: { include_usage: true } } : {};
    expect((await server.chats())[0]?.body).toMatchObject({ stream: true, ...streaming });
  });

  it('reads an answer in one piece although it asked for a stream', async () => {
    const request = await ask({ whole: true, text: 'All at once.', toolCalls: [{ name: 'f', arguments: { a: 1 } }] });
    const deltas = await collect(chat.stream(request));
    expect(deltas.map(({ type }) => type)).toEqual([
      'text',
      'tool-call-start',
      'tool-call-arguments',
      'finish',
      'usage',
    ]);
  });

  it('tries again after a cut before the headers and after a 503', async () => {
    const busy = { error: { status: 503, headers: { 'retry-after': '0' } } };
    const deltas = await collect(
      chat.stream(await ask({ cut: 'before-headers' }, busy, { text: 'Third time lucky.' })),
    );
    expect(textOf(deltas)).toBe('Third time lucky.');
    expect(await server.chats()).toHaveLength(3);
  });

  it('gives up after the configured number of tries', async () => {
    const busy = { repeat: true, error: { status: 429, message: 'Too many.', headers: { 'retry-after': '0' } } };
    const failure = await failureOf(chat.stream(await ask(busy)));
    expect(failure).toMatchObject({ kind: 'rate_limited', message: 'Too many.', details: { status: 429 } });
    expect(await server.chats()).toHaveLength(3);
  });

  it('does not repeat a request that was refused', async () => {
    const failure = await failureOf(chat.stream(await ask({ error: { status: 400, message: 'Context too long.' } })));
    expect(failure).toMatchObject({ kind: 'rejected', message: 'Context too long.', details: { status: 400 } });
    expect(await server.chats()).toHaveLength(1);
  });

  it('reports a stream cut midway as unavailable, and never repeats it', async () => {
    const failure = await failureOf(
      chat.stream(await ask({ cut: 'mid-stream', text: 'One two three four five six.' })),
    );
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: 'The model server closed the stream before the answer was complete.',
    });
    expect(await server.chats()).toHaveLength(1);
  });

  it('reports a stream that ends properly but without having said so', async () => {
    const rawFrames = [pieceOf(dialect, 'Hal', null)];
    const failure = await failureOf(chat.stream(await ask({ rawFrames })));
    expect(failure).toMatchObject({ kind: 'unavailable' });
  });

  it('is content with a complete answer whose connection is then cut', async () => {
    const rawFrames = [pieceOf(dialect, 'Whole.', 'stop'), ...(ends[dialect].length > 0 ? ends[dialect] : ['\n'])];
    const deltas = await collect(chat.stream(await ask({ rawFrames, cut: 'mid-stream' })));
    expect(deltas).toEqual([
      { type: 'text', text: 'Whole.' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('reports an error frame in the stream in the words of the server', async () => {
    const error = { status: 500, message: 'The engine died.', midStream: true };
    const failure = await failureOf(chat.stream(await ask({ text: 'One two three four.', error })));
    expect(failure).toMatchObject({ kind: 'failed', message: 'The engine died.' });
  });

  it('times out when nothing comes, and closes the connection', async () => {
    const failure = await failureOf(chat.stream(await ask({ text: 'One two three.', delayMs: 3000 })));
    expect(failure.kind).toBe('timeout');
    await untilClosed();
    expect(await server.chats()).toHaveLength(1);
  });

  it('times out when the stream falls silent, and does not begin anew', async () => {
    const failure = await failureOf(chat.stream(await ask({ text: 'One two three four.', silentMs: 3000 })));
    expect(failure.kind).toBe('timeout');
    expect(await server.chats()).toHaveLength(1);
  });

  it('takes every frame as a sign of life', async () => {
    const deltas = await collect(chat.stream(await ask({ text: 'One two three.', delayMs: 250 })));
    expect(textOf(deltas)).toBe('One two three.');
  });

  it('closes the connection at once on abort', async () => {
    const controller = new AbortController();
    const request = await ask({ text: 'One two three four five six seven eight.', delayMs: 100 });
    const failure = failureOf(chat.stream(request, { signal: controller.signal }));
    await eventually(async () => expect(await server.chats()).toHaveLength(1));
    controller.abort();
    expect((await failure).kind).toBe('aborted');
    await untilClosed();
  });

  it('closes the connection when its reader leaves', async () => {
    const request = await ask({ text: 'One two three four five six seven eight.', delayMs: 50 });
    for await (const delta of chat.stream(request)) {
      if (delta.type === 'text') break;
    }
    await untilClosed();
  });

  it('sends no half of a character', async () => {
    const request = await ask({ text: 'Well.' });
    await collect(chat.stream({ ...request, messages: [{ role: 'user', content: 'Cut \ud83d' }] }));
    const [sent] = (await server.chats()).map(({ body }) => (body as Pick<ChatRequest, 'messages'>).messages);
    expect(sent).toMatchObject([{ content: 'Cut \ufffd' }]);
  });

  it('leaves stream_options out for a server that refuses it, from then on', async () => {
    if (dialect === 'native') return;
    const refusal = { error: { status: 400, message: "Unrecognized request argument supplied: 'stream_options'" } };
    expect(textOf(await collect(chat.stream(await ask(refusal, { text: 'Without it.' }))))).toBe('Without it.');
    await collect(chat.stream(await ask({ text: 'Again.' })));
    const sent = (await server.chats()).map(({ body }) => 'stream_options' in (body as object));
    expect(sent).toEqual([true, false, false]);
  });

  it.each<[ChatTemplate, string[]]>([
    ['mistral', ['system', 'user']],
    ['gemma', ['user']],
  ])('says all of it in the roles that the template of %s takes, from then on', async (template, roles) => {
    if (profile === 'ollama') return;
    await server.reset({ template });
    const { model } = await ask({ text: 'One.' }, { text: 'Two.' });
    const said = ['Be exact.', 'First.', 'Second.'];
    const messages = said.map((content, index) => ({
      role: index === 0 ? ('system' as const) : ('user' as const),
      content,
    }));
    expect(textOf(await collect(chat.stream({ model, messages })))).toBe('One.');
    expect(textOf(await collect(chat.stream({ model, messages })))).toBe('Two.');
    const sent = (await server.chats()).map(({ body }) => (body as Pick<ChatRequest, 'messages'>).messages);
    expect(sent).toHaveLength(3);
    for (const taken of sent.slice(1)) {
      expect(taken.map(({ role }) => role)).toEqual(roles);
      expect(taken.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n\n')).toBe(
        said.join('\n\n'),
      );
    }
  });

  it('gives calls the ids that the template of Mistral takes, and their results with them', async () => {
    if (profile === 'ollama') return;
    await server.reset({ template: 'mistral' });
    const { model } = await ask({ text: 'Sunny.' });
    const called = { id: 'call_1', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
    const messages: ChatRequest['messages'] = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, tool_calls: [called] },
      { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
    ];
    expect(textOf(await collect(chat.stream({ model, messages })))).toBe('Sunny.');
    const sent = (await server.chats()).at(-1)?.body as Pick<ChatRequest, 'messages'>;
    const [, said, result] = sent.messages as [object, { tool_calls: { id: string }[] }, { tool_call_id: string }];
    expect(said.tool_calls[0]?.id).toMatch(/^[a-z0-9]{9}$/);
    expect(result.tool_call_id).toBe(said.tool_calls[0]?.id);
  });

  it('learns nothing from a refusal that quotes the words of a user', async () => {
    if (dialect === 'native') return;
    const refusal = { error: { status: 400, message: "Invalid value for 'user': 'stream_options'" } };
    await expect(collect(chat.stream(await ask(refusal, refusal)))).rejects.toMatchObject({ kind: 'rejected' });
    await collect(chat.stream(await ask({ text: 'Again.' })));
    const sent = (await server.chats()).map(({ body }) => 'stream_options' in (body as object));
    expect(sent).toEqual([true, false, true]);
  });
});

it.each<[ProfileName, object]>([
  ['ollama', { contextSize: 16_384, capabilities: ['tools', 'thinking'] }],
  ['llamacpp', { contextSize: 4096 }],
])('learns from %s what its list of models leaves out', async (profile, details) => {
  const server = models.serverOf(profile);
  const gateway = createModelGateway({
    backend: profile,
    hosts: { [profile]: server.url },
    ollamaApi: 'openai',
    timeoutMs: 1000,
    maxRetries: 0,
  });
  await expect(gateway.listModels()).resolves.toMatchObject([{ id: server.model, ...details }]);
  await gateway.close();
});

describe('the OpenAI-compatible client and its surroundings', () => {
  it('sends the key of its own server and finds out about wrong ones', async () => {
    const server = models.serverOf('vllm');
    await server.reset({ apiKey: 'secret' });
    const gateway = (key: string): ModelGateway =>
      createModelGateway({
        backend: 'openai',
        hosts: { openai: `${server.url}/v1` },
        apiKeys: { openai: key },
        timeoutMs: 1000,
        maxRetries: 0,
      });
    const [right, wrong] = [gateway('secret'), gateway('wrong')];
    await expect(right.defaultModel()).resolves.toBe(server.model);
    await expect(right.health()).resolves.toEqual([{ name: 'openai', health: { status: 'ok' } }]);
    await expect(wrong.listModels()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(wrong.health()).resolves.toMatchObject([{ health: { status: 'down' } }]);
    await Promise.all([right.close(), wrong.close()]);
  });

  it('says that nothing answers at the address', async () => {
    const port = await freePort();
    const gateway = createModelGateway({
      backend: 'vllm',
      hosts: { vllm: `http://127.0.0.1:${port}` },
      timeoutMs: 1000,
      maxRetries: 0,
    });
    await expect(gateway.resolve('any')).rejects.toMatchObject({ name: 'ModelError', kind: 'unavailable' });
    const chat = gateway.servers[0]?.chat;
    if (chat === undefined) throw new Error('There is no server.');
    const failure = await failureOf(chat.stream({ model: 'any', messages: [{ role: 'user', content: 'Hi' }] }));
    expect(failure).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('ECONNREFUSED') as string });
    await gateway.close();
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
