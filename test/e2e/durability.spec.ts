import { toFile, type OpenAI } from 'openai';
import { describeWith } from '../support/requirements.js';
import type { ServerOptions } from '../support/server.js';
import { eventually } from '../support/eventually.js';
import { descendantsOf, survivorsOf } from './support/processes.js';
import { pythonTurn, slowTurn, startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { FollowedRun } from './support/followed-run.js';
import { collect, MESSAGE_STEP, orderOf, RUN_BEGINS, textOf } from './support/stream-events.js';
import { downloadFile } from './support/thread-files.js';

type RunStatus = OpenAI.Beta.Threads.RunStatus;

const TERMINAL: RunStatus[] = ['completed', 'failed', 'cancelled', 'incomplete', 'expired'];
/** A lease of 15 seconds must run out where others might hold it, and the reaper looks every 5. */
const RECOVERY_PATIENCE_MS = 45_000;
const LONG_CODE = "import time\nprint('begun', flush=True)\ntime.sleep(60)";
const RECOVERED = 'The answer after the restart.';

describe('a server that dies (embedded)', () => describeDurability({}));

describeWith('postgres', 'a server that dies', () => {
  describeWith('redis', 'on Postgres and Redis', () => describeDurability({ engine: 'postgres+redis' }));
});

interface InterruptedRun {
  threadId: string;
  runId: string;
}

function describeDurability(options: ServerOptions): void {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer(options);
  });
  afterAll(() => scripted.stop());

  /** Starts a run and resolves once a streamed event shows that it is in the middle of its work. */
  async function startRun(text: string, isBegun: (event: string) => boolean): Promise<InterruptedRun> {
    const threadId = await scripted.newThread(text);
    const stream = await scripted.client.beta.threads.runs.create(threadId, {
      assistant_id: scripted.assistantId,
      stream: true,
    });
    let runId = '';
    for await (const event of stream) {
      if (event.event === 'thread.run.created') runId = event.data.id;
      if (isBegun(JSON.stringify(event))) return { threadId, runId };
    }
    throw new Error('The run ended before it could be interrupted.');
  }

  async function waitForEnd({ threadId, runId }: InterruptedRun): Promise<OpenAI.Beta.Threads.Run> {
    const deadline = Date.now() + RECOVERY_PATIENCE_MS;
    for (;;) {
      const run = await scripted.client.beta.threads.runs.retrieve(runId, { thread_id: threadId });
      if (TERMINAL.includes(run.status) || Date.now() > deadline) return run;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it('has everything that it acknowledged, and brings its runs to an end, after kill -9', async () => {
    const { client, server, models, assistantId } = scripted;
    models.setScript([
      { match: 'Speak slowly', ...slowTurn(600, 50) },
      { match: 'Compute for long', ...pythonTurn(LONG_CODE) },
      { text: RECOVERED, repeat: true },
    ]);
    const content = Buffer.from('a,b\n1,2\n');
    const file = await client.files.create({ file: await toFile(content, 'kept.csv'), purpose: 'assistants' });
    const speaking = await startRun('Speak slowly.', (event) => event.includes('"value":"word5 "'));
    const computing = await startRun('Compute for long.', (event) => event.includes('"logs":"begun\\n"'));
    const quietThread = await scripted.newThread('Nothing happens here.');
    const before = await everything(quietThread);
    const writing = writeUntilItDies(quietThread);
    await eventually(() => expect(writing.acknowledged.length).toBeGreaterThan(3));

    expect(await server.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await writing.end;
    await server.restart();

    const kept = await collect(client.beta.threads.messages.list(quietThread, { order: 'asc', limit: 100 }));
    expect(kept.slice(1, 1 + writing.acknowledged.length)).toEqual(writing.acknowledged);
    expect(kept.length).toBeLessThanOrEqual(writing.acknowledged.length + 2);
    expect(await everything(quietThread)).toEqual(before);
    expect(await downloadFile(client, file.id)).toEqual(content);

    const ends = await Promise.all([speaking, computing].map(waitForEnd));
    expect(ends.map(({ status, last_error }) => ({ status, last_error }))).toEqual([
      { status: 'completed', last_error: null },
      { status: 'completed', last_error: null },
    ]);
    await expectInterruptedStep(speaking, 'message_creation');
    await expectInterruptedStep(computing, 'tool_calls');
    for (const { threadId } of [speaking, computing]) {
      const [answer] = (await client.beta.threads.messages.list(threadId)).data;
      expect(textOf(answer).value).toBe(RECOVERED);
      const next = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
      expect(next.status).toBe('completed');
    }
  });

  it('brings a run to its end before it goes, when asked with SIGTERM', async () => {
    const { client, server, models } = scripted;
    const turn = slowTurn(40, 50);
    models.setScript([{ match: 'Take your time', ...turn }]);
    const callsBefore = models.chats.length;
    const run = new FollowedRun(scripted, await scripted.newThread('Take your time.'));
    await run.waitFor('thread.message.delta');
    const status = await server.kill('SIGTERM');
    expect(status.signal === 'SIGTERM' || status.code === 0).toBe(true);
    expect(orderOf(await run.end)).toEqual([...RUN_BEGINS, ...MESSAGE_STEP, 'run.completed']);
    await server.restart();
    const ended = await client.beta.threads.runs.retrieve(run.id, { thread_id: run.threadId });
    expect(ended.status).toBe('completed');
    const [answer] = (await client.beta.threads.messages.list(run.threadId)).data;
    expect(textOf(answer).value).toBe(turn.text);
    expect(models.chats.length - callsBefore).toBe(1);
  });

  (process.platform === 'linux' ? it : it.skip)(
    'leaves no process behind when it is killed',
    async () => {
      const { server, models } = scripted;
      models.setScript([{ match: 'Compute for long', ...pythonTurn(LONG_CODE) }]);
      await startRun('Compute for long.', (event) => event.includes('"logs":"begun\\n"'));
      const started = await descendantsOf(server.processId);
      expect(started.length).toBeGreaterThan(0);
      await server.kill('SIGKILL');
      await eventually(async () => expect(await survivorsOf(started)).toEqual([]));
      // The next start clears away what the sandbox of the killed one left behind.
      await server.restart();
    },
    60_000,
  );

  /** What a client could have read before the kill. */
  async function everything(threadId: string): Promise<unknown> {
    const { client, assistantId } = scripted;
    return {
      files: await collect(client.files.list()),
      assistants: await collect(client.beta.assistants.list()),
      assistant: await client.beta.assistants.retrieve(assistantId),
      thread: await client.beta.threads.retrieve(threadId),
      first: (await client.beta.threads.messages.list(threadId, { order: 'asc', limit: 1 })).data,
    };
  }

  /** Adds messages one after the other and remembers those that were acknowledged. */
  function writeUntilItDies(threadId: string): { acknowledged: OpenAI.Beta.Threads.Message[]; end: Promise<void> } {
    const acknowledged: OpenAI.Beta.Threads.Message[] = [];
    const write = async (): Promise<void> => {
      for (let number = 0; ; number += 1) {
        const body = { role: 'user' as const, content: `message ${number}` };
        const message = await scripted.client.beta.threads.messages.create(threadId, body).catch(() => undefined);
        if (message === undefined) return;
        acknowledged.push(message);
      }
    };
    return { acknowledged, end: write() };
  }

  /** The step that was under way is told as failed; nothing of it is open any more. */
  async function expectInterruptedStep({ threadId, runId }: InterruptedRun, type: string): Promise<void> {
    const { client } = scripted;
    const steps = await collect(client.beta.threads.runs.steps.list(runId, { thread_id: threadId, order: 'asc' }));
    expect(steps.map((step) => [step.type, step.status])).toEqual([
      [type, 'failed'],
      ['message_creation', 'completed'],
    ]);
    expect(steps[0]?.last_error).toMatchObject({ code: 'server_error', message: expect.stringMatching(/./) as string });
    const messages = await collect(client.beta.threads.messages.list(threadId, { order: 'asc' }));
    const interrupted = messages
      .slice(1, -1)
      .map(({ status, incomplete_details }) => [status, incomplete_details?.reason]);
    expect(interrupted).toEqual(type === 'message_creation' ? [['incomplete', 'run_failed']] : []);
  }
}
