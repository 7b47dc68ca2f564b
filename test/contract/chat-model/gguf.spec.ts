import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModelGateway, type ChatDelta, type ChatRequest, type ModelGateway } from '@libs/llm';
import { importNodeLlamaCpp } from '../../fakes/gguf/node-llama-cpp.js';
import { tinyModel } from '../../fakes/gguf/tiny-model.js';
import { collect, failureOf, textOf } from './chat-model.contract.js';

const ANSWER = 'one two three four five six seven eight';

let folder: string;
let gateway: ModelGateway;

function start(load?: () => Promise<never>): ModelGateway {
  const breaker = { failures: 3, openMs: 1000 };
  const gguf = {
    path: join(folder, 'tiny.gguf'),
    parallel: 1,
    threads: 1,
    gpu: false as const,
    load: load ?? importNodeLlamaCpp,
  };
  const queue = { queueLength: 10, queueMs: 30_000 };
  const server = { name: 'local', kind: 'gguf' as const, address: '', priority: 1, weight: 1, breaker, queue };
  return createModelGateway({
    backend: 'auto',
    hosts: {},
    servers: [{ ...server, listsModels: true, gguf }],
    timeoutMs: 1000,
    maxRetries: 0,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadmill-gguf-'));
  await writeFile(join(folder, 'tiny.gguf'), tinyModel());
  gateway = start();
}, 300_000);
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

const ask = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'tiny',
  messages: [{ role: 'user', content: 'Count.' }],
  temperature: 0,
  ...more,
});

async function answerTo(request: ChatRequest, signal?: AbortSignal): Promise<ChatDelta[]> {
  const { chat } = await gateway.resolve('tiny');
  return collect(chat.stream(request, signal === undefined ? {} : { signal }));
}

describe('a model from a GGUF file', () => {
  it('streams its answer, says how it ended, and what it cost', async () => {
    const deltas = await answerTo(ask());
    expect(textOf(deltas).trim()).toBe(ANSWER);
    expect(deltas.filter(({ type }) => type === 'text').length).toBeGreaterThan(4);
    expect(deltas.at(-2)).toEqual({ type: 'finish', reason: 'stop' });
    expect(deltas.at(-1)).toMatchObject({
      usage: { promptTokens: expect.any(Number) as number, completionTokens: expect.any(Number) as number },
    });
  });

  it('stops at texts and at the limit', async () => {
    expect(textOf(await answerTo(ask({ stop: [' four'] }))).trim()).toBe('one two three');
    const cut = await answerTo(ask({ maxTokens: 2 }));
    expect(cut.at(-2)).toEqual({ type: 'finish', reason: 'length' });
  });

  const formed = (schema: object): ChatRequest['responseFormat'] => ({
    type: 'json_schema',
    json_schema: { name: 'n', schema: { ...schema } },
  });

  it('writes what a schema allows, or JSON, whatever else it would have said', async () => {
    const answer = textOf(await answerTo(ask({ responseFormat: formed({ enum: ['yes'] }) })));
    expect(JSON.parse(answer)).toBe('yes');
    expect(textOf(await answerTo(ask({ responseFormat: { type: 'json_object' }, maxTokens: 1 })))).toMatch(
      /^[{["\d\s-]/,
    );
  });

  it('refuses a schema that it cannot enforce, which is no fault of the model', async () => {
    const { chat } = await gateway.resolve('tiny');
    const failure = await failureOf(chat.stream(ask({ responseFormat: formed({ enum: 5 }) })));
    expect(failure).toMatchObject({ kind: 'rejected', details: { param: 'response_format' } });
  });

  it('refuses what its context does not hold', async () => {
    const { chat } = await gateway.resolve('tiny');
    const failure = await failureOf(
      chat.stream(ask({ messages: [{ role: 'user', content: 'on and on '.repeat(200) }] })),
    );
    expect(failure).toMatchObject({ kind: 'rejected', details: { code: 'context_length_exceeded' } });
  });

  it('stops when it is told to, and serves again', async () => {
    const controller = new AbortController();
    const { chat } = await gateway.resolve('tiny');
    const read = async (): Promise<void> => {
      for await (const delta of chat.stream(ask(), { signal: controller.signal })) {
        expect(delta.type).toBe('text');
        controller.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ kind: 'aborted' });
    expect(textOf(await answerTo(ask())).trim()).toBe(ANSWER);
  });

  it('answers one after the other', async () => {
    const answers = await Promise.all([answerTo(ask()), answerTo(ask())]);
    expect(answers.map((deltas) => textOf(deltas).trim())).toEqual([ANSWER, ANSWER]);
  });

  it('counts tokens, and works by ReAct unless told otherwise', async () => {
    const served = await gateway.resolve('tiny');
    expect(await served.countTokens?.('tiny', 'one two three')).toBeGreaterThan(2);
    expect(gateway.settings('tiny').protocol).toBe('react');
  });
});

it('says what to install where the library is not there', async () => {
  const { loadNodeLlamaCpp } = await import('../../../libs/llm/src/gguf/node-llama-cpp.js');
  await expect(loadNodeLlamaCpp('node-llama-cpp-that-is-not-there')).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('npm install node-llama-cpp') as string,
  });
});
