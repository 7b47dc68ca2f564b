import { setTimeout as pause } from 'node:timers/promises';
import { createModelGateway, type ChatModel, type ModelGateway, type NamedServer, type ServedModel } from '@libs/llm';
import { ImitationModelServer, type ScriptedTurn } from '../../fakes/model-server/index.js';
import { eventually } from '../../support/eventually.js';
import { collect, failureOf, textOf } from '../chat-model/chat-model.contract.js';

const MODEL = 'both';
const DOWN: ScriptedTurn = { cut: 'before-headers', repeat: true };
const HERE: ScriptedTurn = { text: 'From the first server.', repeat: true };
const THERE: ScriptedTurn = { text: 'From the second server.', repeat: true };

let first: ImitationModelServer;
let second: ImitationModelServer;
let gateway: ModelGateway;

beforeEach(async () => {
  first = await new ImitationModelServer({ profile: 'vllm', script: [HERE] }).start();
  second = await new ImitationModelServer({ profile: 'ollama', script: [THERE] }).start();
});
afterEach(async () => {
  await gateway.close();
  await first.stop();
  await second.stop();
});

function serverAt(name: string, more: Partial<NamedServer>): NamedServer {
  const breaker = { failures: 2, openMs: 300 };
  return { name, kind: 'vllm', address: '', priority: 1, weight: 1, breaker, listsModels: true, ...more };
}

/** One model under a name of its own: on the first server, and on the second where that fails. */
async function route(more: Partial<NamedServer> = {}, maxRetries = 0): Promise<ServedModel> {
  gateway = createModelGateway({
    backend: 'auto',
    hosts: {},
    servers: [
      serverAt('first', { address: first.url, ...more }),
      serverAt('second', { kind: 'ollama', address: second.url, priority: 2 }),
    ],
    catalog: [
      {
        name: MODEL,
        targets: [
          { server: 'first', model: first.model },
          { server: 'second', model: second.model },
        ],
        settings: {},
      },
    ],
    timeoutMs: 300,
    maxRetries,
  });
  return gateway.resolve(MODEL);
}

function ask(chat: ChatModel, signal?: AbortSignal): ReturnType<ChatModel['stream']> {
  return chat.stream({ model: MODEL, messages: [{ role: 'user', content: 'Hi' }] }, signal && { signal });
}

interface Passed {
  status: number;
  body: string;
  error?: Error;
}

function pass({ forward }: ServedModel, stream: boolean, signal = new AbortController().signal): Promise<Passed> {
  const body = Buffer.from(JSON.stringify({ model: MODEL, stream, messages: [{ role: 'user', content: 'Hi' }] }));
  return new Promise((resolve, reject) => {
    const passed: Passed = { status: 0, body: '' };
    if (!forward) return reject(new Error('Nothing is passed on.'));
    forward(
      { path: '/chat/completions', body, signal },
      {
        onStart: (status) => (passed.status = status),
        onData: (chunk) => {
          passed.body += chunk.toString();
          return true;
        },
        onEnd: () => resolve(passed),
        onError: (error) => resolve({ ...passed, error }),
      },
    );
  });
}

describe('a model on two servers', () => {
  it('is asked for at the first, under the name that it has there', async () => {
    const { chat } = await route();
    expect(textOf(await collect(ask(chat)))).toBe('From the first server.');
    expect(first.chats[0]?.body).toMatchObject({ model: first.model });
    expect(second.chats).toHaveLength(0);
  });

  it.each<[string, ScriptedTurn]>([
    ['is cut off', DOWN],
    ['is over its limits', { error: { status: 429 }, repeat: true }],
    ['fails', { error: { status: 500 }, repeat: true }],
    ['refuses our key', { error: { status: 401 }, repeat: true }],
    ['lost the model', { error: { status: 404, message: 'The model `x` does not exist.' }, repeat: true }],
    ['says nothing', { delayMs: 3000, repeat: true }],
  ])('is asked for at the second where the first %s', async (_title, turn) => {
    first.setScript([turn]);
    const served = await route();
    expect(textOf(await collect(ask(served.chat)))).toBe('From the second server.');
    for (const stream of [false, true]) {
      const { status, body, error } = await pass(served, stream);
      expect({ status, error }).toEqual({ status: 200 });
      expect(body).toContain('second');
    }
    expect(second.chats.every(({ body }) => (body as { model: string }).model === second.model)).toBe(true);
  });

  it('is asked for at the second where nothing answers at the first', async () => {
    const served = await route();
    await first.stop();
    expect(textOf(await collect(ask(served.chat)))).toBe('From the second server.');
    expect((await pass(served, true)).body).toContain('second');
    await first.start();
  });

  it('gives no second answer after the first token', async () => {
    first.setScript([{ text: 'One two three four five six.', cut: 'mid-stream', repeat: true }]);
    const served = await route({}, 2);
    expect(await failureOf(ask(served.chat))).toMatchObject({ kind: 'unavailable' });
    const passed = await pass(served, true);
    expect(passed.error).toMatchObject({ kind: 'unavailable' });
    expect(passed.body).toContain('One');
    expect(second.chats).toHaveLength(0);
  });

  it('is refused once where the request is wrong', async () => {
    first.setScript([{ error: { status: 400, message: 'Too long.' }, repeat: true }]);
    const served = await route({}, 2);
    expect(await failureOf(ask(served.chat))).toMatchObject({ kind: 'rejected', message: 'Too long.' });
    expect(await pass(served, false)).toMatchObject({
      status: 400,
      body: expect.stringContaining('Too long.') as string,
    });
    expect(second.chats).toHaveLength(0);
  });

  it('goes round again where both were busy', async () => {
    const busy: ScriptedTurn = { error: { status: 429, headers: { 'retry-after': '0' } } };
    first.setScript([busy, HERE]);
    second.setScript([busy, THERE]);
    const { chat } = await route({}, 1);
    expect(textOf(await collect(ask(chat)))).toBe('From the first server.');
    expect([first.chats.length, second.chats.length]).toEqual([2, 1]);
  });

  it('tells the last failure where all fail', async () => {
    first.setScript([DOWN]);
    second.setScript([{ error: { status: 503, message: 'Loading.' }, repeat: true }]);
    const served = await route();
    expect(await failureOf(ask(served.chat))).toMatchObject({ kind: 'unavailable', message: 'Loading.' });
    expect(await pass(served, false)).toMatchObject({ status: 503 });
  });

  it.each([false, true])('ends the request at its server when its client leaves (stream: %s)', async (stream) => {
    first.setScript([{ text: 'One two three four five.', delayMs: 2000, repeat: true }]);
    const served = await route({ timeoutMs: 10_000 });
    const leaving = new AbortController();
    const passing = pass(served, stream, leaving.signal);
    const asking = failureOf(ask(served.chat, leaving.signal));
    await eventually(() => expect(first.chats).toHaveLength(2));
    leaving.abort();
    expect((await asking).kind).toBe('aborted');
    expect((await passing).error).toMatchObject({ kind: 'aborted' });
    await eventually(() => expect(first.chats.every(({ closedEarly }) => closedEarly)).toBe(true));
    expect(second.chats).toHaveLength(0);
    expect(gateway.places(MODEL)[0]?.state).toBe('closed');
  });

  it('embeds where the first cannot', async () => {
    first.setScript([{ path: '/v1/embeddings', cut: 'before-headers', repeat: true }]);
    await route();
    const embeddings = await gateway.embeddings(MODEL);
    expect((await embeddings.embed({ model: MODEL, texts: ['x'] })).vectors).toHaveLength(1);
    expect(second.requests.at(-1)).toMatchObject({ path: '/api/embed', body: { model: second.model } });
  });
});

describe('the circuit breaker', () => {
  it('leaves a failing server alone, tries it once after a while, and comes back', async () => {
    first.setScript([DOWN]);
    const { chat } = await route();
    for (let call = 0; call < 4; call += 1) await collect(ask(chat));
    expect(first.chats).toHaveLength(2);
    expect(gateway.places(MODEL).map(({ server, state }) => [server, state])).toEqual([
      ['first', 'open'],
      ['second', 'closed'],
    ]);
    await pause(320);
    await collect(ask(chat));
    expect(first.chats).toHaveLength(3);
    await collect(ask(chat));
    expect(first.chats).toHaveLength(3);
    await pause(320);
    first.setScript([HERE]);
    expect(textOf(await collect(ask(chat)))).toBe('From the first server.');
    expect(gateway.places(MODEL)[0]?.state).toBe('closed');
  });

  it('opens and closes by health checks, too', async () => {
    const { chat } = await route({ healthCheckMs: 20 });
    const port = Number(new URL(first.url).port);
    await first.stop();
    await eventually(() => expect(gateway.places(MODEL)[0]?.state).toBe('open'));
    expect(textOf(await collect(ask(chat)))).toBe('From the second server.');
    first = await new ImitationModelServer({ port, script: [HERE] }).start();
    await eventually(async () => expect(textOf(await collect(ask(chat)))).toBe('From the first server.'));
  });
});

describe('the limit of requests at once', () => {
  const slow: ScriptedTurn = { text: 'From the first server.', delayMs: 20, repeat: true };
  const slots = { max: 1, queueLength: 0, queueMs: 100 };

  it('sends the others elsewhere', async () => {
    first.setScript([slow]);
    const served = await route({ slots });
    const texts = await Promise.all([collect(ask(served.chat)), collect(ask(served.chat))]);
    expect(texts.map(textOf).sort()).toEqual(['From the first server.', 'From the second server.']);
    const passed = await Promise.all([pass(served, true), pass(served, false)]);
    expect(passed.map(({ status }) => status)).toEqual([200, 200]);
    expect(first.chats).toHaveLength(2);
  });

  it('lets them wait, and refuses those beyond, where there is no other server', async () => {
    first.setScript([{ ...slow, delayMs: 60 }]);
    await route({ slots: { ...slots, queueLength: 1 } });
    const served = await gateway.resolve(first.model);
    const [begun, waited, refused] = await Promise.allSettled([
      collect(ask(served.chat)),
      collect(ask(served.chat)),
      collect(ask(served.chat)),
    ]);
    expect(begun.status).toBe('fulfilled');
    expect(waited).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } });
    expect(refused).toMatchObject({ status: 'rejected', reason: { kind: 'rate_limited' } });
    expect(first.chats).toHaveLength(1);
  });
});
