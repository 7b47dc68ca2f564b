import OpenAI from 'openai';
import { ImitationModelServer, type ScriptedTurn } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { FollowedRun } from './support/followed-run.js';
import { slowTurn, startScriptedServer, withModelProcess, type ScriptedServer } from './support/scripted-server.js';
import { collect, dataOf, MESSAGE_STEP, orderOf, RUN_BEGINS, textOf } from './support/stream-events.js';

let scripted: ScriptedServer;

beforeAll(async () => {
  scripted = await startScriptedServer({ env: { MODEL_MAX_RETRIES: '0' } });
});
afterAll(() => scripted.stop());

type ErrorClass = new (...parameters: never[]) => Error;
type RunErrorCode = 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt';

interface Failure {
  turn: ScriptedTurn;
  /** What a chat completion throws. */
  chat: [errorClass: ErrorClass, expected: object];
  run: RunErrorCode;
}

const FAILURES: Record<string, Failure> = {
  'cuts the connection before it answers': {
    turn: { cut: 'before-headers' },
    chat: [OpenAI.InternalServerError, { status: 503, code: 'model_server_unavailable' }],
    run: 'server_error',
  },
  'is over its limits': {
    turn: { error: { status: 429, message: 'Slow down.', headers: { 'retry-after': '7' } } },
    chat: [OpenAI.RateLimitError, { status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_exceeded' }],
    run: 'rate_limit_exceeded',
  },
  'breaks down': {
    turn: { error: { status: 500, message: 'Out of memory.' } },
    chat: [OpenAI.InternalServerError, { status: 502, code: 'model_server_error' }],
    run: 'server_error',
  },
  'refuses the prompt': {
    turn: { error: { status: 400, message: 'The prompt is too long.' } },
    chat: [OpenAI.BadRequestError, { status: 400, type: 'invalid_request_error' }],
    run: 'invalid_prompt',
  },
  'does not have the model any more': {
    turn: { error: { status: 404, message: 'The model `Qwen/Qwen3-8B` does not exist.' } },
    chat: [OpenAI.NotFoundError, { status: 404, code: 'model_not_found', param: 'model' }],
    run: 'server_error',
  },
};

const ask = (stream: boolean): OpenAI.ChatCompletionCreateParams => ({
  model: scripted.models.model,
  messages: [{ role: 'user', content: 'hello' }],
  stream,
});

/** Fails unless the thread takes another message and answers it, and no run of it is still open. */
async function expectUsable(threadId: string): Promise<void> {
  const { client, models, assistantId } = scripted;
  models.setScript([{ text: 'All is well again.' }]);
  await client.beta.threads.messages.create(threadId, { role: 'user', content: 'Once more.' });
  const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
  expect(run.status).toBe('completed');
  const [answer] = (await client.beta.threads.messages.list(threadId)).data;
  expect(textOf(answer).value).toBe('All is well again.');
  const runs = await collect(client.beta.threads.runs.list(threadId));
  for (const { status } of runs) expect(['completed', 'failed', 'cancelled']).toContain(status);
}

async function streamRun(threadId: string): Promise<OpenAI.Beta.AssistantStreamEvent[]> {
  return collect(scripted.client.beta.threads.runs.stream(threadId, { assistant_id: scripted.assistantId }));
}

describe.each(Object.entries(FAILURES))('when the model server %s', (_title, { turn, chat, run }) => {
  it.each([false, true])('a chat completion tells it (stream: %s)', async (stream) => {
    scripted.models.setScript([turn]);
    const caught: unknown = await scripted.client.chat.completions.create(ask(stream)).catch((error: unknown) => error);
    const [errorClass, expected] = chat;
    expect(caught).toBeInstanceOf(errorClass);
    expect(caught).toMatchObject(expected);
    if (caught instanceof OpenAI.RateLimitError) expect(caught.headers.get('retry-after')).toBe('7');
  });

  it('a run fails, streamed, and its thread goes on', async () => {
    const threadId = await scripted.newThread();
    scripted.models.setScript([turn]);
    const events = await streamRun(threadId);
    expect(orderOf(events)).toEqual([...RUN_BEGINS, 'run.failed']);
    const [failed] = dataOf(events, 'thread.run.failed');
    expect(failed?.last_error?.code).toBe(run);
    expect(failed?.last_error?.message).toMatch(/./);
    expect(failed).toMatchObject({ failed_at: expect.any(Number) as number, completed_at: null, expires_at: null });
    expect((await scripted.client.beta.threads.messages.list(threadId)).data).toHaveLength(1);
    await expectUsable(threadId);
  });
});

describe('when the model server cuts a stream in the middle', () => {
  const turn: ScriptedTurn = { text: 'one two three four five six seven eight', cut: 'mid-stream' };

  it('a streamed chat completion breaks off with an error', async () => {
    scripted.models.setScript([turn]);
    const stream = await scripted.client.chat.completions.create({ ...ask(true), stream: true });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toThrow();
    expect(text).toMatch(/^one two/);
  });

  it('a streamed chat completion with files ends with an error in the stream', async () => {
    scripted.models.setScript([turn]);
    const body = { ...ask(true), stream: true as const, execute_code: true };
    const reading = collect(await scripted.client.chat.completions.create(body));
    await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
  });

  it('a run fails, with its message incomplete and its step failed', async () => {
    const threadId = await scripted.newThread();
    scripted.models.setScript([turn]);
    const events = await streamRun(threadId);
    expect(orderOf(events)).toEqual([
      ...RUN_BEGINS,
      ...MESSAGE_STEP.slice(0, 5),
      'message.incomplete',
      'run.step.failed',
      'run.failed',
    ]);
    const [message] = dataOf(events, 'thread.message.incomplete');
    expect(message).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'run_failed' } });
    expect(textOf(message).value).toMatch(/^one two/);
    const [step] = dataOf(events, 'thread.run.step.failed');
    expect(step).toMatchObject({ status: 'failed', last_error: { code: 'server_error' } });
    const [kept] = (await scripted.client.beta.threads.messages.list(threadId)).data;
    expect(kept).toEqual(message);
    await expectUsable(threadId);
  });
});

describe('an assistant with a model that nobody has', () => {
  it('has runs that fail', async () => {
    const { client } = scripted;
    const assistant = await client.beta.assistants.create({ model: 'gpt-0' });
    const threadId = await scripted.newThread();
    const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistant.id });
    expect(run).toMatchObject({ status: 'failed', last_error: { message: "The model 'gpt-0' does not exist" } });
    await expectUsable(threadId);
  });
});

describe('when the model server is down', () => {
  it('chats and runs tell it, health shows it, and all works again when it is back', async () => {
    const { server, client, models, assistantId } = scripted;
    const threadId = await scripted.newThread();
    const port = Number(new URL(models.url).port);
    await models.stop();
    try {
      for (const stream of [false, true]) {
        const caught: unknown = await client.chat.completions.create(ask(stream)).catch((error: unknown) => error);
        expect(caught).toBeInstanceOf(OpenAI.InternalServerError);
        expect(caught).toMatchObject({ status: 503, code: 'model_server_unavailable' });
      }
      const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
      expect(run).toMatchObject({ status: 'failed', last_error: { code: 'server_error' } });
      const health = await fetch(`${server.baseUrl}/health`);
      expect({ status: health.status, ...((await health.json()) as object) }).toMatchObject({
        status: 'degraded',
        parts: { model_servers: { status: 'down' }, database: { status: 'ok' } },
      });
    } finally {
      scripted.models = await new ImitationModelServer({ port }).start();
    }
    await expectUsable(threadId);
  });
});

describe('a model server in a process of its own', () => {
  test('sees the connection close when a run is cancelled', async () => {
    const threadId = await scripted.newThread();
    await withModelProcess(scripted, async (models) => {
      const server = models.serverOf('vllm');
      await server.setScript([slowTurn(1000, 50)]);
      const run = new FollowedRun(scripted, threadId);
      await run.waitFor('thread.message.delta');
      await scripted.client.beta.threads.runs.cancel(run.id, { thread_id: threadId });
      expect(orderOf(await run.end).at(-1)).toBe('run.cancelled');
      await eventually(async () => expect((await server.chats()).at(-1)).toMatchObject({ closedEarly: true }));
    });
    await expectUsable(threadId);
  });

  test('takes the run with it when it is killed, and the thread goes on once it is back', async () => {
    const threadId = await scripted.newThread();
    await withModelProcess(scripted, async (models) => {
      await models.serverOf('vllm').setScript([slowTurn(1000, 50)]);
      const run = new FollowedRun(scripted, threadId);
      await run.waitFor('thread.message.delta');
      await models.kill();
      const [failed] = dataOf(await run.end, 'thread.run.failed');
      expect(failed).toMatchObject({ status: 'failed', last_error: { code: 'server_error' } });
      await models.restart();
      await models.serverOf('vllm').setScript([{ text: 'Back again.' }]);
      const next = { assistant_id: scripted.assistantId };
      expect(await scripted.client.beta.threads.runs.createAndPoll(threadId, next)).toMatchObject({
        status: 'completed',
      });
    });
    const [answer] = (await scripted.client.beta.threads.messages.list(threadId)).data;
    expect(textOf(answer).value).toBe('Back again.');
  });
});
