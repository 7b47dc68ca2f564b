import { createModelGateway, type ChatRequest, type ModelGateway, type ModelGatewayOptions } from '@libs/llm';
import { ModelServerProcess, type RemoteModelServer, type ScriptedTurn } from '../../fakes/model-server/index.js';
import { eventually } from '../../support/eventually.js';
import { collect, failureOf, textOf } from './chat-model.contract.js';

const PNG = 'iVBORw0KGgo=';

let models: ModelServerProcess;
let server: RemoteModelServer;
let gateway: ModelGateway;
let notices: string[];

function start(more: Partial<ModelGatewayOptions> = {}): ModelGateway {
  const hosts = { ollama: server.url };
  return createModelGateway({ backend: 'ollama', hosts, timeoutMs: 2000, maxRetries: 0, ...more });
}

/** A gateway whose Ollama server is described as in the configuration file. */
function startNamed(
  ollama: { keepAlive?: string; contextSize?: number; pull?: boolean },
  settings: { contextSize?: number; keepAlive?: string | number } = {},
  model = server.model,
): ModelGateway {
  const breaker = { failures: 1, openMs: 60_000 };
  const box = { name: 'box', kind: 'ollama', address: server.url, priority: 1, weight: 1, breaker } as const;
  return start({
    backend: 'auto',
    hosts: {},
    servers: [{ ...box, listsModels: true, ollama }],
    catalog: [{ name: 'mine', targets: [{ server: 'box', model }], settings }],
    notice: (text) => notices.push(text),
  });
}

beforeAll(async () => {
  models = await ModelServerProcess.start(['ollama']);
  server = models.serverOf('ollama');
});
afterAll(() => models.kill());

beforeEach(async () => {
  await server.reset();
  notices = [];
});
afterEach(() => gateway.close());

async function sentFor(request: Partial<ChatRequest>, turn: ScriptedTurn = { text: 'Yes.' }): Promise<unknown> {
  gateway = start();
  await server.setScript([turn]);
  const { chat } = await gateway.resolve(server.model);
  const whole = { model: server.model, messages: [{ role: 'user' as const, content: 'Go.' }], ...request };
  await collect(chat.stream(whole));
  return (await server.chats()).at(-1)?.body;
}

describe('what is sent', () => {
  it.each<[string, Partial<ChatRequest>, object]>([
    [
      'sampling goes into options',
      { temperature: 0.5, topP: 0.9, maxTokens: 7, stop: ['END'], extraBody: { seed: 42, top_k: 20, min_p: 0.05 } },
      {
        options: { temperature: 0.5, top_p: 0.9, num_predict: 7, stop: ['END'], seed: 42, top_k: 20, min_p: 0.05 },
      },
    ],
    ['a JSON object is a format', { responseFormat: { type: 'json_object' } }, { format: 'json' }],
    [
      'a schema is a format',
      { responseFormat: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'array' } } } },
      { format: { type: 'array' } },
    ],
    ['effort is thought', { reasoningEffort: 'low' }, { think: 'low' }],
    ['no effort is none', { reasoningEffort: 'none' }, { think: false }],
    [
      'a tool that must be called is the only one told of',
      { tools: [{ name: 'a' }, { name: 'b' }], toolChoice: { type: 'function', function: { name: 'b' } } },
      { tools: [{ type: 'function', function: { name: 'b' } }] },
    ],
  ])('%s', async (_title, request, expected) => {
    expect(await sentFor(request)).toMatchObject({ stream: true, ...expected });
  });

  it('no tools where none may be called', async () => {
    expect(await sentFor({ tools: [{ name: 'a' }], toolChoice: 'none' })).not.toHaveProperty('tools');
  });

  it('neither what loads a model anew nor its time in memory, when a request asks for it', async () => {
    const sent = await sentFor({ extraBody: { keep_alive: -1, num_ctx: 9, options: { num_ctx: 9, num_gpu: 0 } } });
    expect(sent).toMatchObject({ options: {} });
    expect(JSON.stringify(sent)).not.toMatch(/keep_alive|num_ctx|num_gpu/);
  });

  it('images in base64, results under the name of their function, and broken arguments as an object', async () => {
    const call = { id: 'call_1', type: 'function' as const, function: { name: 'look', arguments: '{"at":' } };
    const sent = await sentFor({
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'A dot.' },
      ],
    });
    expect(sent).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is this?', images: [PNG] },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ function: { name: 'look', arguments: { arguments: '{"at":' } } }],
        },
        { role: 'tool', content: 'A dot.', tool_name: 'look' },
      ],
    });
  });

  it('refuses what Ollama has no place for', async () => {
    gateway = start();
    const { chat } = await gateway.resolve(server.model);
    const url = 'https://example.com/a.png';
    const content = [{ type: 'image_url' as const, image_url: { url } }];
    const failure = await failureOf(chat.stream({ model: server.model, messages: [{ role: 'user', content }] }));
    expect(failure).toMatchObject({ kind: 'rejected', details: { status: 400, param: 'messages' } });
  });

  it('what the server and the catalog say about memory and context, the catalog first', async () => {
    gateway = startNamed({ keepAlive: '10m', contextSize: 4096 }, { contextSize: 8192 });
    const chatOf = async (name: string): Promise<unknown> => {
      await server.setScript([{ text: 'Yes.' }]);
      const { chat } = await gateway.resolve(name);
      await collect(chat.stream({ model: name, messages: [{ role: 'user', content: 'Go.' }] }));
      return (await server.chats()).at(-1)?.body;
    };
    expect(await chatOf(server.model)).toMatchObject({ keep_alive: '10m', options: { num_ctx: 4096 } });
    expect(await chatOf('mine')).toMatchObject({ model: server.model, keep_alive: '10m', options: { num_ctx: 8192 } });
    const embeddingOf = async (model: string): Promise<unknown> => {
      await (await gateway.embeddings(model)).embed({ model, texts: ['a'] });
      return (await server.requests()).at(-1)?.body;
    };
    expect(await embeddingOf(server.model)).toMatchObject({ keep_alive: '10m', options: { num_ctx: 4096 } });
    expect(await embeddingOf('mine')).toMatchObject({ keep_alive: '10m', options: { num_ctx: 8192 } });
  });
});

describe('how much a model thinks', () => {
  const refusal = (error: string): ScriptedTurn => ({ error: { status: 400, body: { error } } });
  const thoughtless = refusal('"qwen3:8b" does not support thinking');
  const levelless = refusal('think value "high" is not supported for this model');
  const old = refusal('json: cannot unmarshal string into Go struct field ChatRequest.think of type bool');
  const nonsense = refusal('invalid think value: "x" (must be "high", "medium", "low", true, or false)');
  const yes: ScriptedTurn = { text: 'Yes.' };
  const high: Partial<ChatRequest> = { reasoningEffort: 'high' };

  it.each<[string, ScriptedTurn[], Partial<ChatRequest>, unknown[]]>([
    ['not at all, and that is remembered', [thoughtless, yes, yes], high, ['high', undefined, undefined]],
    ['without levels, and that is remembered', [levelless, yes, yes], high, ['high', true, true]],
    ['without levels, to an Ollama that knew none', [old, yes, yes], high, ['high', true, true]],
    ['without levels, and not at all', [levelless, thoughtless, yes], high, ['high', true, undefined]],
    ['nonsense is refused, and changes nothing', [nonsense, nonsense], { extraBody: { think: 'x' } }, ['x', 'x']],
    ['a refusal that quotes it changes nothing', [thoughtless, thoughtless, yes], high, ['high', undefined, 'high']],
  ])('%s', async (_title, script, request, sent) => {
    gateway = start();
    const { chat } = await gateway.resolve(server.model);
    await server.setScript(script);
    const asked: ChatRequest = { model: server.model, messages: [{ role: 'user', content: 'Go.' }], ...request };
    while ((await server.chats()).length < script.length) await collect(chat.stream(asked)).catch(() => undefined);
    expect((await server.chats()).map(({ body }) => (body as { think?: unknown }).think)).toEqual(sent);
  });
});

describe('the list of models', () => {
  it('says what is loaded, until when, and with what context; details are asked for once', async () => {
    gateway = start();
    const [model] = await gateway.listModels();
    expect(model).toMatchObject({
      id: server.model,
      size: 5_225_388_164,
      contextSize: 32_768,
      capabilities: ['tools', 'thinking'],
      loaded: true,
      loadedUntil: expect.any(Number) as number,
    });
    await gateway.servers[0]?.listModels();
    expect((await server.requests()).filter(({ path }) => path === '/api/show')).toHaveLength(1);
    expect((await server.requests()).filter(({ path }) => path === '/api/tags')).toHaveLength(2);
  });

  it('tells how a model would come there', async () => {
    gateway = start();
    await expect(gateway.resolve('llama3.2')).rejects.toMatchObject({
      kind: 'model_not_found',
      message: expect.stringContaining('ollama pull llama3.2') as string,
    });
  });
});

describe('a model of the catalog that the server does not have', () => {
  const ask: ChatRequest = { model: 'mine', messages: [{ role: 'user', content: 'Go.' }] };

  it('is told of with the way to get it', async () => {
    gateway = startNamed({}, {}, 'llama3.2');
    const failure = await failureOf((await gateway.resolve('mine')).chat.stream(ask));
    expect(failure.kind).toBe('model_not_found');
    expect(failure.message).toContain('`ollama pull llama3.2`');
  });

  it('is pulled where the server may, and then answers', async () => {
    gateway = startNamed({ pull: true }, {}, 'llama3.2');
    await server.setScript([
      { path: '/api/pull', delayMs: 40 },
      { text: 'Here now.', repeat: true },
    ]);
    const { chat } = await gateway.resolve('mine');
    const failure = await failureOf(chat.stream(ask));
    expect(failure).toMatchObject({ kind: 'unavailable', details: { code: 'model_pulling' } });
    await eventually(() => expect(gateway.places('mine')[0]?.pull?.total).toBeGreaterThan(0));
    expect(gateway.places('mine')[0]?.state).toBe('closed');
    await eventually(() => expect(notices.at(-1)).toContain('has been pulled'));
    expect(textOf(await collect(chat.stream(ask)))).toBe('Here now.');
    expect((await server.requests()).filter(({ path }) => path === '/api/pull')).toHaveLength(1);
  });

  it.each(['/completions', '/embeddings'])('is pulled by the first request that is passed on: %s', async (path) => {
    gateway = startNamed({ pull: true }, {}, 'llama3.2');
    await server.setScript([{ path: '/api/pull', delayMs: 40 }]);
    const { forward } = await gateway.resolve('mine');
    const body = Buffer.from(JSON.stringify({ model: 'mine', prompt: 'x', input: 'x' }));
    const pass = (): Promise<unknown> =>
      new Promise((resolve) => {
        const signal = new AbortController().signal;
        const sink = { onStart: resolve, onData: () => true, onEnd: () => undefined, onError: resolve };
        forward?.({ path, body, signal }, sink);
      });
    expect(await pass()).toMatchObject({ kind: 'unavailable', details: { code: 'model_pulling' } });
    await eventually(() => expect(notices.at(-1)).toContain('has been pulled'));
    expect(await pass()).toBe(200);
  });

  it('is not pulled where the catalog does not place it there', async () => {
    gateway = startNamed({ pull: true });
    for (const { chat } of gateway.servers) {
      expect((await failureOf(chat.stream({ ...ask, model: 'llama3.2' }))).kind).toBe('model_not_found');
    }
    expect((await server.requests()).filter(({ path }) => path === '/api/pull')).toEqual([]);
  });

  it('is told of with the reason where it cannot be pulled, and not asked for again at once', async () => {
    gateway = startNamed({ pull: true }, {}, 'nonsense');
    await server.setScript([
      { path: '/api/pull', error: { status: 200, message: 'file does not exist', midStream: true } },
    ]);
    const { chat } = await gateway.resolve('mine');
    await failureOf(chat.stream(ask));
    await eventually(() => expect(notices.at(-1)).toContain('could not be pulled'));
    const failure = await failureOf(chat.stream(ask));
    expect(failure).toMatchObject({
      kind: 'model_not_found',
      message: expect.stringContaining('file does not exist') as string,
    });
    expect((await server.requests()).filter(({ path }) => path === '/api/pull')).toHaveLength(1);
  });
});
