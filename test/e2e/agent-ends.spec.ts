import type { OpenAI } from 'openai';
import type { ScriptedTurn } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { WAYS } from './support/agent-ways.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { collect } from './support/stream-events.js';

const TOKENS = { promptTokens: 10, completionTokens: 300 };

describe('how agents end before they have answered', () => {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer();
  });
  afterAll(() => scripted.stop());

  const counted = (turns: ScriptedTurn[]): ScriptedTurn[] => turns.map((turn) => ({ ...turn, usage: TOKENS }));
  const usageOf = (turns: number): object => ({
    prompt_tokens: 10 * turns,
    completion_tokens: 300 * turns,
    total_tokens: 310 * turns,
  });

  async function begin(turns: ScriptedTurn[], more: object): Promise<OpenAI.Beta.Threads.Run> {
    scripted.models.reset();
    scripted.models.setScript(turns);
    const body = { assistant_id: scripted.assistantId, ...more };
    return scripted.client.beta.threads.runs.create(await scripted.newThread('6 x 7?'), body);
  }

  const turnsOf = (name: string): ScriptedTurn[] => WAYS[name]?.('print(6 * 7)') ?? [];

  describe.each(['react', 'plan_execute', 'ultrawork', 'auto'])('%s, whose tokens are used up', (name) => {
    const moments = turnsOf(name).map((_, index) => index + 1);
    const isCut = moments.slice(0, -1);

    test.each(isCut)('after %d turns tells what all of them used in a chat completion', async (moment) => {
      const { client, models } = scripted;
      const messages = [{ role: 'user' as const, content: '6 x 7?' }];
      const body = { model: models.model, messages, agent_type: name, max_tokens: 300 * moment };
      models.setScript(counted(turnsOf(name)));
      const whole = await client.chat.completions.create(body);
      expect(whole.choices[0]?.finish_reason).toBe('length');
      expect(whole.usage).toMatchObject(usageOf(moment));
      models.setScript(counted(turnsOf(name)));
      const options = { stream: true, stream_options: { include_usage: true } } as const;
      const chunks = await collect(await client.chat.completions.create({ ...body, ...options }));
      expect(chunks.at(-1)?.usage).toMatchObject(usageOf(moment));
    });

    test.each(isCut)('after %d turns tells what all of them used in a run', async (moment) => {
      const more = { agent_type: name, max_completion_tokens: 300 * moment };
      const { id, thread_id } = await begin(counted(turnsOf(name)), more);
      const run = await scripted.client.beta.threads.runs.poll(id, { thread_id });
      expect(run).toMatchObject({ status: 'incomplete', usage: usageOf(moment) });
    });
  });

  describe.each(Object.keys(WAYS))('%s, cancelled', (name) => {
    const agent = name === 'no agent' ? {} : { agent_type: name };
    type Run = OpenAI.Beta.Threads.Run;

    async function cancelled({ id, thread_id }: Run): Promise<Run> {
      const { runs } = scripted.client.beta.threads;
      await runs.cancel(id, { thread_id });
      return runs.poll(id, { thread_id });
    }

    /** No step and no message waits for more. */
    async function expectNothingOpen({ id, thread_id }: Run): Promise<void> {
      const { runs, messages } = scripted.client.beta.threads;
      for await (const step of runs.steps.list(id, { thread_id })) {
        expect(['completed', 'cancelled']).toContain(step.status);
      }
      for await (const { run_id, status } of messages.list(thread_id)) {
        if (run_id === id) expect(['completed', 'incomplete']).toContain(status);
      }
      scripted.models.setScript([{ text: 'Hello.' }]);
      const body = { assistant_id: scripted.assistantId, agent_type: 'chat' };
      expect((await runs.createAndPoll(thread_id, body)).status).toBe('completed');
    }

    test.each(turnsOf(name).map((_, index) => index))('in its turn %d', async (moment) => {
      const turns = turnsOf(name).map((turn, index) =>
        index === moment ? { ...turn, chunkSize: 1, silentMs: 60_000 } : turn,
      );
      const run = await begin(counted(turns), agent);
      await eventually(() => expect(scripted.models.chats).toHaveLength(moment + 1));
      const end = await cancelled(run);
      expect(end).toMatchObject({ status: 'cancelled', usage: usageOf(moment) });
      await eventually(() =>
        expect(scripted.models.chats.at(-1)).toMatchObject({ closedEarly: true, completed: false }),
      );
      expect(scripted.models.chats).toHaveLength(moment + 1);
      await expectNothingOpen(run);
    });

    if (name === 'chat') return;
    test('while its tool is at work', async () => {
      const run = await begin(
        counted(WAYS[name]?.("import time\nprint('begun', flush=True)\ntime.sleep(60)") ?? []),
        agent,
      );
      const { steps } = scripted.client.beta.threads.runs;
      await eventually(async () => {
        const { data } = await steps.list(run.id, { thread_id: run.thread_id });
        expect(data.map(({ type, status }) => [type, status])).toContainEqual(['tool_calls', 'in_progress']);
      });
      const asked = scripted.models.chats.length;
      expect(await cancelled(run)).toMatchObject({ status: 'cancelled', usage: usageOf(asked) });
      expect(scripted.models.chats).toHaveLength(asked);
      await expectNothingOpen(run);
    });
  });
});
