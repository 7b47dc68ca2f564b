import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAI } from 'openai';
import { ImitationModelServer, type ScriptedTurn } from '../fakes/model-server/index.js';
import { startServer, type TestServer } from '../support/server.js';
import { collect } from './support/stream-events.js';
import { callWire } from './support/wire-call.js';

let folder: string;
let first: ImitationModelServer;
let second: ImitationModelServer;
let server: TestServer;
let client: OpenAI;
let token: string;

beforeAll(async () => {
  first = await new ImitationModelServer({ profile: 'vllm', apiKey: 'first-key' }).start();
  second = await new ImitationModelServer({ profile: 'llamacpp' }).start();
  folder = await mkdtemp(join(tmpdir(), 'threadmill-routing-'));
  const path = join(folder, 'threadmill.json');
  const models = {
    servers: {
      first: { kind: 'vllm', url: first.url, api_key: '${FIRST_KEY}', list_models: false, breaker_failures: 100 },
      second: { kind: 'llamacpp', url: second.url, priority: 2, max_concurrent: 1, queue_length: 0 },
    },
    catalog: {
      assistant: {
        servers: [
          { server: 'first', model: first.model },
          { server: 'second', model: second.model },
        ],
        temperature: 0.125,
        stop: ['<end>'],
        extra_body: { top_k: 7 },
        context_size: 4096,
      },
      [second.model]: { thinks_first: true, protocol: 'tools' },
    },
  };
  await writeFile(path, JSON.stringify({ models }));
  await writeFile(join(folder, 'react-system.md'), 'Speak like a pirate. Tools: {{tools}} Names: {{names}}\n');
  server = await startServer({
    env: { THREADMILL_CONFIG: path, FIRST_KEY: 'first-key', MODEL_MAX_RETRIES: '0', PROMPTS_DIR: folder },
  });
  token = await server.signUp('router');
  client = server.openaiFor(token, { maxRetries: 0 });
});
afterAll(async () => {
  await server.stop();
  // The first is stopped by the last test.
  await second.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  first.setScript([{ text: 'From the first.', repeat: true }]);
  second.setScript([{ text: 'From the second.', repeat: true }]);
});

const chat = (model = 'assistant'): Promise<OpenAI.ChatCompletion> =>
  client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
const textOf = (completion: OpenAI.ChatCompletion): unknown => completion.choices[0]?.message.content;

describe('the list of models', () => {
  it('tells users where a model lives, without addresses', async () => {
    const { body } = await callWire(server, token, { method: 'GET', path: '/models' });
    expect(body).toMatchObject({
      data: [
        {
          id: 'assistant',
          context_size: 4096,
          servers: [
            { name: 'first', kind: 'vllm' },
            { name: 'second', kind: 'llamacpp' },
          ],
        },
        { id: second.model, servers: [{ name: 'second', kind: 'llamacpp' }] },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('127.0.0.1');
    expect((body as { data: unknown[] }).data).toHaveLength(2);
  });

  it('tells administrators all of it', async () => {
    const admin = await server.logIn('admin', server.adminPassword);
    const { body } = await callWire(server, admin, { method: 'GET', path: '/models/assistant' });
    expect(body).toMatchObject({
      servers: [
        { name: 'first', url: first.url, model: first.model, priority: 1, weight: 1, state: 'closed' },
        { name: 'second', url: second.url, model: second.model, priority: 2 },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('first-key');
  });
});

describe('a model of the catalog', () => {
  it('is asked for under its own name, with what the administrator said', async () => {
    expect(textOf(await chat())).toBe('From the first.');
    expect(first.chats.at(-1)?.body).toMatchObject({
      model: first.model,
      temperature: 0.125,
      stop: ['<end>'],
      top_k: 7,
    });
  });

  it('thinks first where the administrator says so: nothing of it is in a streamed answer', async () => {
    second.setScript([{ text: 'They greet me.\n</think>\n\nHello.', chunkSize: 3 }]);
    const asked = { model: second.model, messages: [{ role: 'user' as const, content: 'Hi' }] };
    const body = { ...asked, stream: true as const };
    const deltas = (await collect(await client.chat.completions.create(body))).map(({ choices }) => choices[0]?.delta);
    expect(deltas.map((delta) => delta?.content ?? '').join('')).toBe('Hello.');
  });

  it("has its written calls of a client's functions read where the administrator says how it calls", async () => {
    second.setScript([{ text: 'Hm.</think><tool_call>{"name":"look_up","arguments":{"word":"x"}}</tool_call>' }]);
    const answer = await client.chat.completions.create({
      model: second.model,
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object', properties: {} } } }],
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ function: { name: 'look_up', arguments: '{"word":"x"}' } }] },
    });
  });

  it('is told in the words of the operator how to work', async () => {
    first.setScript([{ text: 'Final Answer: Arr.' }]);
    const tools = [{ type: 'calculator' }];
    const messages = [{ role: 'user', content: 'Hi' }];
    const asked = { model: 'assistant', messages, tools, agent_type: 'react' };
    const completion = await client.chat.completions.create(asked as never);
    expect(textOf(completion as OpenAI.ChatCompletion)).toBe('Arr.');
    const told = JSON.stringify(first.chats.at(-1)?.body);
    expect(told).toContain('Speak like a pirate.');
    expect(told).toContain('Names: code_interpreter, calculator');
  });

  it('runs with its own temperature', async () => {
    const assistant = await client.beta.assistants.create({ model: 'assistant' });
    const run = await client.beta.threads.createAndRunPoll({
      assistant_id: assistant.id,
      thread: { messages: [{ role: 'user', content: 'Hi' }] },
    });
    expect(run.status).toBe('completed');
    expect(first.chats.at(-1)?.body).toMatchObject({ model: first.model, temperature: 0.125, top_k: 7 });
  });

  it('goes on at the next server before the first token, in chats and runs', async () => {
    first.setScript([{ error: { status: 503 }, repeat: true }]);
    expect(textOf(await chat())).toBe('From the second.');
    const stream = await client.chat.completions.create({
      model: 'assistant',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    const chunks = await collect(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('From the second.');
    const assistant = await client.beta.assistants.create({ model: 'assistant' });
    const run = await client.beta.threads.createAndRunPoll({
      assistant_id: assistant.id,
      thread: { messages: [{ role: 'user', content: 'Hi' }] },
    });
    expect(run.status).toBe('completed');
  });

  it('makes embeddings and completions, too', async () => {
    const { data } = await client.embeddings.create({ model: 'assistant', input: 'x' });
    expect(data).toHaveLength(1);
    expect(first.requests.at(-1)).toMatchObject({ path: '/v1/embeddings', body: { model: first.model } });
    const { choices } = await client.completions.create({ model: 'assistant', prompt: 'x' });
    expect(choices[0]?.text).toBe('From the first.');
  });
});

describe('what else is passed on', () => {
  it('goes to the next server where the first fails: vectors and scores', async () => {
    const failing = (path: string): ScriptedTurn => ({ path, error: { status: 503 }, repeat: true });
    first.setScript([failing('/v1/embeddings'), failing('/v1/rerank')]);
    const { data } = await client.embeddings.create({ model: 'assistant', input: 'x' });
    expect(data).toHaveLength(1);
    const asked = { model: 'assistant', query: 'x', documents: ['x', 'y'] };
    const { status, body } = await callWire(server, token, { method: 'POST', path: '/rerank', body: asked });
    expect(status).toBe(200);
    expect((body as { results: unknown[] }).results).toHaveLength(2);
    expect(second.requests.slice(-2)).toMatchObject([
      { path: '/v1/embeddings', body: { model: second.model } },
      { path: '/v1/rerank', body: { model: second.model } },
    ]);
  });

  it("is llama.cpp's own: grammars and schemas", async () => {
    second.setScript([{ text: '</think>x' }]);
    const formed = { type: 'json_schema' as const, json_schema: { name: 'n', schema: { type: 'object' } } };
    const asked = { grammar: 'root ::= "x"', response_format: formed };
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    await client.chat.completions.create({ model: second.model, messages, ...asked });
    expect(second.chats.at(-1)?.body).toMatchObject(asked);
  });
});

describe('a server at its limit', () => {
  it('refuses in the envelope', async () => {
    second.setScript([{ text: '</think>Second.', delayMs: 500, repeat: true }]);
    const answers = await Promise.allSettled([chat(second.model), chat(second.model)]);
    const refused = answers.find(({ status }) => status === 'rejected');
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(refused).toMatchObject({ reason: { status: 429, code: 'rate_limit_exceeded' } });
  });
});

describe('health', () => {
  it('is degraded, not down, where one of several model servers is away', async () => {
    await first.stop();
    const answer = await fetch(`${server.baseUrl}/health`);
    expect(await answer.json()).toMatchObject({
      status: 'degraded',
      parts: {
        model_servers: {
          status: 'degraded',
          servers: [
            { name: 'first', status: 'down' },
            { name: 'second', status: 'ok' },
          ],
        },
      },
    });
  });
});
