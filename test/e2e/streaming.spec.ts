import OpenAI from 'openai';
import { eventually } from '../support/eventually.js';
import { describeWith } from '../support/requirements.js';
import type { ServerOptions } from '../support/server.js';
import { FollowedRun } from './support/followed-run.js';
import { pythonTurn, slowTurn, startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { collect, dataOf, MESSAGE_STEP, orderOf, RUN_BEGINS, textOf, textOfDeltas } from './support/stream-events.js';
import { callWire, expectEnvelope } from './support/wire-call.js';

/** "Cancel reaches the model call and the sandbox within a second", and some patience for a busy machine. */
const CANCEL_PATIENCE_MS = 3000;
const LONG_CODE = "import time\nprint('begun', flush=True)\ntime.sleep(60)";

describe('streams on embedded defaults', () => describeStreams({}));

describeWith('postgres', 'streams', () => {
  describeWith('redis', 'of a worker in another process', () =>
    describeStreams({ engine: 'postgres+redis', workers: 1 }),
  );
});

function describeStreams(options: ServerOptions): void {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer(options);
  });
  afterAll(() => scripted.stop());

  /** A streamed run whose events are collected while the test does something else. */
  function follow(threadId: string): FollowedRun {
    return new FollowedRun(scripted, threadId);
  }

  it('is written as frames with numbers, and ends with done', async () => {
    const { server, token, models, assistantId } = scripted;
    const threadId = await scripted.newThread();
    models.setScript([{ text: 'One frame\nmore.' }]);
    const body = { assistant_id: assistantId, stream: true };
    const answer = await callWire(server, token, { method: 'POST', path: `/threads/${threadId}/runs`, body });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const frames = String(answer.body)
      .split('\n\n')
      .filter((frame) => frame !== '' && !frame.startsWith(':'));
    expect(frames.pop()).toBe('event: done\ndata: [DONE]');
    expect(frames.map((frame) => /^id: (\d+)$/m.exec(frame)?.[1])).toEqual(frames.map((_, index) => `${index + 1}`));
    for (const frame of frames) {
      expect(() => JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? '') as unknown).not.toThrow();
    }
    expect(frames.map((frame) => /^event: (.*)$/m.exec(frame)?.[1]).at(-1)).toBe('thread.run.completed');
  });

  it('begins with the thread when the run makes one', async () => {
    const { client, models, assistantId } = scripted;
    models.setScript([{ text: 'Hello.' }]);
    const thread = { messages: [{ role: 'user' as const, content: 'Hi.' }] };
    const events = await collect(client.beta.threads.createAndRunStream({ assistant_id: assistantId, thread }));
    expect(orderOf(events)).toEqual(['created', ...RUN_BEGINS, ...MESSAGE_STEP, 'run.completed']);
    const [created] = dataOf(events, 'thread.created');
    expect(dataOf(events, 'thread.run.created')[0]?.thread_id).toBe(created?.id);
  });

  it('refuses a second run and a message while a run is active, and takes both afterwards', async () => {
    const { client, models, assistantId } = scripted;
    const threadId = await scripted.newThread();
    models.setScript([slowTurn(40, 50), { text: 'Second.' }]);
    const run = follow(threadId);
    await run.waitFor('thread.message.delta');
    const second: unknown = await client.beta.threads.runs
      .create(threadId, { assistant_id: assistantId })
      .catch((error: unknown) => error);
    expect(second).toBeInstanceOf(OpenAI.BadRequestError);
    expect(second).toMatchObject({
      status: 400,
      error: { message: `Thread ${threadId} already has an active run ${run.id}.` },
      code: null,
    });
    const message: unknown = await client.beta.threads.messages
      .create(threadId, { role: 'user', content: 'now' })
      .catch((error: unknown) => error);
    expect(message).toBeInstanceOf(OpenAI.BadRequestError);
    expect(message).toMatchObject({
      status: 400,
      error: { message: `Can't add messages to ${threadId} while a run ${run.id} is active.` },
    });
    const events = await run.end;
    expect(orderOf(events).at(-1)).toBe('run.completed');
    await client.beta.threads.messages.create(threadId, { role: 'user', content: 'now' });
    const next = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
    expect(next.status).toBe('completed');
  });

  it('goes on without its client', async () => {
    const { client, models, assistantId } = scripted;
    const threadId = await scripted.newThread();
    models.setScript([slowTurn(30, 40)]);
    const stream = await client.beta.threads.runs.create(threadId, { assistant_id: assistantId, stream: true });
    let runId = '';
    for await (const event of stream) {
      if (event.event === 'thread.run.created') runId = event.data.id;
      if (event.event === 'thread.message.delta') break;
    }
    const run = await client.beta.threads.runs.poll(runId, { thread_id: threadId });
    expect(run.status).toBe('completed');
    const [answer] = (await client.beta.threads.messages.list(threadId)).data;
    expect(textOf(answer).value).toBe(slowTurn(30, 0).text);
    expect(models.chats.at(-1)).toMatchObject({ completed: true, closedEarly: false });
  });

  it('ends as cancelled when another client cancels it while the model speaks', async () => {
    const { server, token, client, models, assistantId } = scripted;
    const threadId = await scripted.newThread();
    models.setScript([slowTurn(1000, 50)]);
    const run = follow(threadId);
    await run.waitFor('thread.message.delta');
    const other = server.openaiFor(token);
    const answer = await other.beta.threads.runs.cancel(run.id, { thread_id: threadId });
    const cancelledAt = Date.now();
    expect(answer).toMatchObject({ id: run.id, status: 'cancelling' });
    const events = await run.end;
    expect(Date.now() - cancelledAt).toBeLessThan(CANCEL_PATIENCE_MS);
    expect(orderOf(events).filter((name) => name !== 'message.delta')).toEqual([
      ...RUN_BEGINS,
      ...MESSAGE_STEP.slice(0, 4),
      'run.cancelling',
      'message.incomplete',
      'run.step.cancelled',
      'run.cancelled',
    ]);
    const [message] = dataOf(events, 'thread.message.incomplete');
    expect(message).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'run_cancelled' } });
    expect(textOfDeltas(events, message?.id ?? '')).toBe(textOf(message).value);
    const [cancelled] = dataOf(events, 'thread.run.cancelled');
    expect(cancelled).toMatchObject({ status: 'cancelled', cancelled_at: expect.any(Number) as number });
    await eventually(() => expect(models.chats.at(-1)).toMatchObject({ closedEarly: true }));
    expect(await client.beta.threads.runs.retrieve(run.id, { thread_id: threadId })).toMatchObject({
      status: 'cancelled',
    });
    await expectNoSecondCancel(threadId, run.id);
    models.setScript([{ text: 'Free again.' }]);
    const next = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
    expect(next.status).toBe('completed');
  });

  it('ends as cancelled when another client cancels it while code runs', async () => {
    const { client, models } = scripted;
    const threadId = await scripted.newThread();
    models.setScript([pythonTurn(LONG_CODE)]);
    const run = follow(threadId);
    await run.waitForLogs('begun');
    await client.beta.threads.runs.cancel(run.id, { thread_id: threadId });
    const cancelledAt = Date.now();
    const events = await run.end;
    expect(Date.now() - cancelledAt).toBeLessThan(CANCEL_PATIENCE_MS);
    const order = orderOf(events);
    expect(order.slice(0, 5)).toEqual([...RUN_BEGINS, 'run.step.created', 'run.step.in_progress']);
    expect(order.filter((name) => name !== 'run.step.delta').slice(5)).toEqual([
      'run.cancelling',
      'run.step.cancelled',
      'run.cancelled',
    ]);
    const [step] = (await client.beta.threads.runs.steps.list(run.id, { thread_id: threadId })).data;
    expect(step).toMatchObject({ type: 'tool_calls', status: 'cancelled' });
  });

  async function expectNoSecondCancel(threadId: string, runId: string): Promise<void> {
    const { server, token } = scripted;
    const path = `/threads/${threadId}/runs/${runId}/cancel`;
    const error = expectEnvelope(await callWire(server, token, { method: 'POST', path }), 400);
    expect(error).toMatchObject({ message: "Cannot cancel run with status 'cancelled'.", code: null });
  }
}
