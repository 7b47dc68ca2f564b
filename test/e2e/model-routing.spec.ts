import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAI } from 'openai';
import { nodeLlamaCppEnvironment } from '../fakes/gguf/node-llama-cpp.js';
import { TINY_ANSWER, tinyModel } from '../fakes/gguf/tiny-model.js';
import { ImitationModelServer, type ScriptedTurn } from '../fakes/model-server/index.js';
import { startServer, type TestServer } from '../support/server.js';
import { collect } from './support/stream-events.js';
import { callWire } from './support/wire-call.js';

let folder: string;
let first: ImitationModelServer;
let second: ImitationModelServer;
let ollama: ImitationModelServer;
let server: TestServer;
let client: OpenAI;
let token: string;

beforeAll(async () => {
  first = await new ImitationModelServer({ profile: 'vllm', apiKey: 'first-key' }).start();
  second = await new ImitationModelServer({ profile: 'llamacpp' }).start();
  ollama = await new ImitationModelServer({ profile: 'ollama' }).start();
  folder = await mkdtemp(join(tmpdir(), 'threadmill-routing-'));
  const path = join(folder, 'threadmill.json');
  const models = {
    servers: {
      first: { kind: 'vllm', url: first.url, api_key: '${FIRST_KEY}', list_models: false, breaker_failures: 100 },
      second: { kind: 'llamacpp', url: second.url, priority: 2, max_concurrent: 1, queue_length: 0 },
      impatient: { kind: 'openai', url: `${second.url}/v1`, list_models: false, timeout_seconds: 0.3 },
      local: { kind: 'gguf', path: join(folder, 'tiny.gguf'), gpu: false, threads: 1, priority: 3 },
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
      hasty: { servers: [{ server: 'impatient', model: second.model }] },
      [second.model]: { thinks_first: true, protocol: 'tools' },
    },
  };
  await writeFile(path, JSON.stringify({ models }));
  await writeFile(join(folder, 'tiny.gguf'), tinyModel());
  await writeFile(join(folder, 'react-system.md'), 'Speak like a pirate. Tools: {{tools}} Names: {{names}}\n');
  server = await startServer({
    env: {
      THREADMILL_CONFIG: path,
      FIRST_KEY: 'first-key',
      MODEL_MAX_RETRIES: '0',
      PROMPTS_DIR: folder,
      OLLAMA_HOST: ollama.url,
      OLLAMA_API: 'openai',
      ...(await nodeLlamaCppEnvironment()),
    },
  });
  token = await server.signUp('router');
  client = server.openaiFor(token, { maxRetries: 0 });
});
afterAll(async () => {
  await server.stop();
  // The first is stopped by the last test.
  await second.stop();
  await ollama.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  first.setScript([{ text: 'From the first.', repeat: true }]);
  second.setScript([{ text: 'From the second.', repeat: true }]);
});

const HELLO = { messages: [{ role: 'user' as const, content: 'Hi' }] };

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
        { id: 'hasty', servers: [{ name: 'impatient', kind: 'openai' }] },
        { id: second.model, servers: [{ name: 'second', kind: 'llamacpp' }] },
        { id: 'tiny', servers: [{ name: 'local', kind: 'gguf' }] },
        { id: ollama.model, servers: [{ name: 'ollama', kind: 'ollama' }] },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('127.0.0.1');
    expect((body as { data: unknown[] }).data).toHaveLength(5);
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

describe('a server that falls silent', () => {
  it('fails the call after its own time, in chats and runs', async () => {
    second.setScript([{ text: 'Late.', delayMs: 60_000, repeat: true }]);
    await expect(chat('hasty')).rejects.toMatchObject({ status: 504, code: 'model_server_timeout' });
    const assistant = await client.beta.assistants.create({ model: 'hasty' });
    const run = await client.beta.threads.createAndRunPoll({ assistant_id: assistant.id, thread: HELLO });
    expect(run).toMatchObject({ status: 'failed', last_error: { code: 'server_error' } });
    expect(run.last_error?.message).toContain('sent nothing for too long');
  });
});

describe('a GGUF file in the server process', () => {
  const said = TINY_ANSWER.join('').replaceAll('▁', ' ').trim();
  const asked = { model: 'tiny', messages: [{ role: 'user' as const, content: 'Count.' }], temperature: 0 };

  it('answers chats, whole and streamed', async () => {
    const whole = await client.chat.completions.create(asked);
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } });
    expect(whole.choices[0]?.message.content?.trim()).toBe(said);
    expect(whole.usage?.completion_tokens).toBeGreaterThan(4);
    const chunks = await collect(await client.chat.completions.create({ ...asked, stream: true }));
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.content || []);
    expect(pieces.join('').trim()).toBe(said);
    expect(pieces.length).toBeGreaterThan(4);
  });

  it('answers a run', async () => {
    const assistant = await client.beta.assistants.create({ model: 'tiny', temperature: 0 });
    const run = await client.beta.threads.createAndRunPoll({ assistant_id: assistant.id, thread: HELLO });
    expect(run).toMatchObject({ status: 'completed', last_error: null });
    const { data } = await client.beta.threads.messages.list(run.thread_id);
    const [part] = data[0]?.content ?? [];
    expect(part?.type === 'text' && part.text.value.trim()).toBe(said);
  });
});

describe('an Ollama server that is to be spoken to by its face of OpenAI', () => {
  it('is asked for nothing by its own interface', async () => {
    ollama.setScript([{ text: 'From Ollama.', repeat: true }]);
    expect(textOf(await chat(ollama.model))).toBe('From Ollama.');
    const assistant = await client.beta.assistants.create({ model: ollama.model });
    const run = await client.beta.threads.createAndRunPoll({ assistant_id: assistant.id, thread: HELLO });
    expect(run.status).toBe('completed');
    expect(ollama.chats.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
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
            { name: 'impatient', status: 'ok' },
            { name: 'local', status: 'ok' },
            { name: 'ollama', status: 'ok' },
          ],
        },
      },
    });
  });
});
