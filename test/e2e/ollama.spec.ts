import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAI } from 'openai';
import { ImitationModelServer } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { callWire } from './support/wire-call.js';

let folder: string;
let ollama: ImitationModelServer;
let server: TestServer;
let client: OpenAI;
let token: string;

beforeAll(async () => {
  ollama = await new ImitationModelServer({ profile: 'ollama' }).start();
  folder = await mkdtemp(join(tmpdir(), 'threadmill-ollama-'));
  const path = join(folder, 'threadmill.json');
  const box = { kind: 'ollama', url: ollama.url, list_models: false, keep_alive: '10m', num_ctx: 4096, pull: true };
  const at = (model: string): object => ({ servers: [{ server: 'box', model }] });
  const catalog = { mine: { ...at(ollama.model), keep_alive: '30m' }, later: at('llama3.2') };
  await writeFile(path, JSON.stringify({ models: { servers: { box }, catalog } }));
  server = await startServer({ env: { OLLAMA_HOST: ollama.url, MODEL_MAX_RETRIES: '0', THREADMILL_CONFIG: path } });
  token = await server.signUp('herder');
  client = server.openaiFor(token, { maxRetries: 0 });
}, 90_000);
afterAll(async () => {
  await server.stop();
  await ollama.stop();
  await rm(folder, { recursive: true });
});

const WEATHER = {
  type: 'function' as const,
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const messages = [{ role: 'user' as const, content: 'Go.' }];

async function chunksOf(more: object = {}): Promise<OpenAI.ChatCompletionChunk[]> {
  const stream = await client.chat.completions.create({ model: ollama.model, messages, stream: true, ...more });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe('a chat completion by Ollama, passed on', () => {
  it("is streamed in OpenAI's own chunks", async () => {
    ollama.setScript([{ reasoning: 'Hm.', text: 'One two three.', usage: { promptTokens: 9, completionTokens: 4 } }]);
    const chunks = await chunksOf({ stream_options: { include_usage: true } });
    const [first] = chunks;
    expect(first).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/) as string,
      object: 'chat.completion.chunk',
      model: ollama.model,
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
      usage: null,
    });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.filter(({ choices }) => choices[0]?.delta.role !== undefined)).toHaveLength(1);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('One two three.');
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
    });
    expect(ollama.chats.at(-1)?.path).toBe('/api/chat');
  });

  it('comes in one piece, with calls of functions', async () => {
    ollama.setScript([{ toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] }]);
    const answer = await client.chat.completions.create({ model: ollama.model, messages, tools: [WEATHER] });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [{ type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }],
          },
        },
      ],
      usage: { total_tokens: 19 },
    });
  });

  it('streams a call in fragments that SDKs put together', async () => {
    ollama.setScript([{ toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] }]);
    const completion = await client.chat.completions
      .stream({ model: ollama.model, messages, tools: [WEATHER] })
      .finalChatCompletion();
    expect(completion.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      id: expect.stringMatching(/^call_/) as string,
      function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
    });
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('ends with an error in the stream where the server fails midway', async () => {
    const error = { status: 500, message: 'an error was encountered while running the model', midStream: true };
    ollama.setScript([{ text: 'One two three four.', error }]);
    await expect(chunksOf()).rejects.toThrow('an error was encountered while running the model');
  });

  it('is an error of its own where the server refuses', async () => {
    ollama.setScript([{ error: { status: 400, body: { error: `"${ollama.model}" does not support tools` } } }]);
    await expect(chunksOf({ tools: [WEATHER] })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('does not support tools') as string,
    });
    await expect(chunksOf({ n: 2 })).rejects.toMatchObject({ status: 400, param: 'n' });
  });

  it('ends at the server when the client leaves', async () => {
    ollama.setScript([{ text: 'One two three four five six seven eight nine.', delayMs: 200 }]);
    const stream = await client.chat.completions.create({ model: ollama.model, messages, stream: true });
    await stream[Symbol.asyncIterator]().next();
    stream.controller.abort();
    await eventually(() => expect(ollama.chats.at(-1)?.closedEarly).toBe(true));
  });
});

it('tells of an unknown model how it would come there', async () => {
  const unknown = client.chat.completions.create({ model: 'llama3.2', messages });
  await expect(unknown).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    message: expect.stringContaining('`ollama pull llama3.2`') as string,
  });
});

it('lists what is in memory', async () => {
  const { body } = await callWire(server, token, { method: 'GET', path: `/models/${ollama.model}` });
  expect(body).toMatchObject({
    id: ollama.model,
    size: 5_225_388_164,
    loaded: true,
    loaded_until: expect.any(Number) as number,
    context_size: 32_768,
  });
});

it('passes embeddings on', async () => {
  const answer = await client.embeddings.create({ model: ollama.model, input: 'a', encoding_format: 'float' });
  expect(answer.data[0]?.embedding.length).toBeGreaterThan(0);
});

it('loads a model as the file says', async () => {
  ollama.setScript([{ text: 'Yes.' }]);
  await client.chat.completions.create({ model: 'mine', messages });
  expect(ollama.chats.at(-1)?.body).toMatchObject({
    model: ollama.model,
    keep_alive: '30m',
    options: { num_ctx: 4096 },
  });
});

it('pulls what the file places there, and shows how far it is', async () => {
  ollama.setScript([{ path: '/api/pull', delayMs: 500 }]);
  const embedded = client.embeddings.create({ model: 'later', input: 'a' });
  await expect(embedded).rejects.toMatchObject({ status: 503 });
  const { body } = await callWire(server, token, { method: 'GET', path: '/models/later' });
  expect(body).toMatchObject({ servers: [{ name: 'box', pull: { status: expect.any(String) as string } }] });
});
