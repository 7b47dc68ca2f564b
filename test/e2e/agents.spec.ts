import type { OpenAI } from 'openai';
import type { ScriptedTurn } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { actionOf, WAYS } from './support/agent-ways.js';
import { startScriptedServer, withModelProcess, type ScriptedServer } from './support/scripted-server.js';
import { collect } from './support/stream-events.js';

const ACTION = actionOf('print(6 * 7)');

describe('agents', () => {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer();
  });
  afterAll(() => scripted.stop());

  const ask = (agent_type: string): OpenAI.ChatCompletionCreateParamsNonStreaming =>
    ({ model: scripted.models.model, messages: [{ role: 'user', content: '6 x 7?' }], agent_type }) as never;

  test('react answers a chat completion, and its work is in the stream', async () => {
    scripted.models.setScript([{ text: ACTION }, { text: 'Thought: so\nFinal Answer: It is 42.', chunkSize: 2 }]);
    const chunks = await collect(await scripted.client.chat.completions.create({ ...ask('react'), stream: true }));
    const content = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(content).toBe(
      '\n<Code>\n```python\nprint(6 * 7)\n```\n</Code>\n<Execute>\n```\n42\n\n```\n</Execute>\nIt is 42.',
    );
    expect(scripted.models.chats.at(-1)?.body).not.toHaveProperty('agent_type');
    expect(scripted.models.chats.at(-1)?.body).not.toHaveProperty('tools');
  });

  test('an agent that does not exist is refused', async () => {
    await expect(scripted.client.chat.completions.create(ask('genius'))).rejects.toMatchObject({
      status: 400,
      param: 'agent_type',
    });
  });

  test('an assistant keeps its agent, its runs take it, and a run may have another', async () => {
    const { client, models } = scripted;
    const body = { model: models.model, tools: [{ type: 'code_interpreter' as const }], agent_type: 'react' };
    const assistant = await client.beta.assistants.create(body);
    expect(assistant).toMatchObject({ agent_type: 'react' });
    models.setScript([{ text: ACTION }, { text: 'Final Answer: It is 42.' }]);
    const threadId = await scripted.newThread('6 x 7?');
    const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistant.id });
    expect(run).toMatchObject({ status: 'completed', agent_type: 'react' });
    const { data } = await client.beta.threads.runs.steps.list(run.id, { thread_id: threadId, order: 'asc' });
    expect(data.map(({ type }) => type)).toEqual(['tool_calls', 'message_creation']);
    models.setScript([{ text: 'Hello.' }]);
    const other = { assistant_id: assistant.id, agent_type: 'chat' };
    const second = await client.beta.threads.runs.createAndPoll(await scripted.newThread(), other);
    expect(second).toMatchObject({ status: 'completed', agent_type: 'chat' });
    const cleared = await client.beta.assistants.update(assistant.id, { agent_type: null } as object);
    expect(cleared).not.toHaveProperty('agent_type');
  });

  test('a model that writes its calls as text runs code in a run', async () => {
    const { client, models, assistantId } = scripted;
    const call = JSON.stringify({ name: 'code_interpreter', arguments: { code: 'print(6 * 7)' } });
    models.setScript([{ text: `I compute.\n<tool_call>\n${call}\n</tool_call>`, chunkSize: 4 }, { text: 'It is 42.' }]);
    const threadId = await scripted.newThread('6 x 7?');
    const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
    expect(run.status).toBe('completed');
    const { data } = await client.beta.threads.messages.list(threadId, { order: 'asc' });
    const said = data.slice(1).map(({ content }) => (content[0]?.type === 'text' ? content[0].text.value : ''));
    expect(said).toEqual(['I compute.\n', 'It is 42.']);
  });

  const LOOK_UP = { type: 'function' as const, function: { name: 'look', parameters: { type: 'object' } } };

  test.each<[string, ScriptedTurn[]]>([
    [
      'whose vLLM was started without a parser for calls',
      [
        {
          error: {
            status: 400,
            message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
          },
        },
        { text: '<tool_call>\n{"name": "look", "arguments": {"at": "Oslo"}}\n</tool_call>' },
      ],
    ],
    [
      'of Ollama that has no tools',
      [
        { error: { status: 400, message: '"gemma3:4b" does not support tools' } },
        { text: 'Thought: I look.\nAction: look\nAction Input: {"at": "Oslo"}\n' },
      ],
    ],
    [
      'whose llama.cpp was started without --jinja',
      [
        { error: { status: 500, message: 'tools param requires --jinja flag' } },
        { text: 'Thought: I look.\nAction: look\nAction Input: {"at": "Oslo"}\n' },
      ],
    ],
  ])('a model %s calls the functions of the client all the same', async (_title, script) => {
    const { client, models } = scripted;
    const assistant = await client.beta.assistants.create({ model: models.model, tools: [LOOK_UP] });
    models.setScript(script);
    const threadId = await scripted.newThread();
    const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistant.id });
    expect(run.status).toBe('requires_action');
    expect(run.required_action?.submit_tool_outputs.tool_calls).toMatchObject([
      { function: { name: 'look', arguments: '{"at":"Oslo"}' } },
    ]);
  });

  test('a model that breaks its arguments beyond repair hears of it, and calls again', async () => {
    const { client, models } = scripted;
    const assistant = await client.beta.assistants.create({ model: models.model, tools: [LOOK_UP] });
    models.setScript([
      { toolCalls: [{ name: 'look', arguments: 'Oslo "now" and "then"' }] },
      { toolCalls: [{ name: 'look', arguments: { at: 'Oslo' } }] },
    ]);
    const threadId = await scripted.newThread();
    const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistant.id });
    expect(run.status).toBe('requires_action');
    expect(run.required_action?.submit_tool_outputs.tool_calls).toMatchObject([
      { function: { name: 'look', arguments: '{"at":"Oslo"}' } },
    ]);
  });

  test('a client gets all calls of a turn, and the run fails where they are more than it can be asked for', async () => {
    const { client, models } = scripted;
    const assistant = await client.beta.assistants.create({ model: models.model, tools: [LOOK_UP] });
    const runWith = async (count: number): Promise<OpenAI.Beta.Threads.Run> => {
      models.setScript([
        { toolCalls: Array.from({ length: count }, (_, at) => ({ name: 'look', arguments: { at } })) },
      ]);
      const body = { assistant_id: assistant.id };
      return client.beta.threads.runs.createAndPoll(await scripted.newThread(), body);
    };
    const waiting = await runWith(40);
    expect(waiting.required_action?.submit_tool_outputs.tool_calls).toHaveLength(40);
    const failed = await runWith(129);
    expect(failed).toMatchObject({ status: 'failed', last_error: { code: 'server_error' } });
    expect(failed.last_error?.message).toContain('129 times in one turn');
  });

  type Habit = [title: string, turns: ScriptedTurn[], expected: object, answer: string | null];
  const again = (code: string): ScriptedTurn => ({ text: actionOf(code) });

  test.each<Habit>([
    [
      'calls by another name',
      [{ text: 'Action: no_such_tool\nAction Input: {}' }, { text: 'Final Answer: Without.' }],
      { status: 'completed' },
      'Without.',
    ],
    ['says nothing at first', [{ text: ' ' }, { text: 'Final Answer: At last.' }], { status: 'completed' }, 'At last.'],
    [
      'never says that it has its answer',
      [again('print(1)'), { text: 'It is 1.' }],
      { status: 'completed' },
      'It is 1.',
    ],
    [
      'never ends its actions',
      [{ ...again('print(2)'), repeat: true }],
      { status: 'failed', last_error: { code: 'server_error' } },
      null,
    ],
    [
      'calls by another name for ever',
      [{ text: 'Action: nothing\nAction Input: {}', repeat: true }],
      { status: 'failed' },
      null,
    ],
  ])('a model that calls by lines of text, as it knows no tools, and %s', async (_title, turns, expected, answer) => {
    const { client, models } = scripted;
    models.setScript(turns);
    const threadId = await scripted.newThread('Compute.');
    const body = { assistant_id: scripted.assistantId, agent_type: 'react' };
    const run = await client.beta.threads.runs.createAndPoll(threadId, body);
    expect(run).toMatchObject(expected);
    const { data } = await client.beta.threads.messages.list(threadId);
    const [part] = data[0]?.content ?? [];
    if (answer !== null) expect(part?.type === 'text' && part.text.value).toBe(answer);
    expect(models.chats.at(-1)?.body).not.toHaveProperty('tools');
  });

  describe.each(Object.entries(WAYS))('%s, where the model server has its troubles', (name, turnsOf) => {
    const agent = name === 'no agent' ? {} : { agent_type: name };
    type Steps = OpenAI.Beta.Threads.Runs.RunStep[];

    async function begin(turns: ScriptedTurn[] = []): Promise<OpenAI.Beta.Threads.Run> {
      scripted.models.setScript(turns);
      const body = { assistant_id: scripted.assistantId, ...agent };
      return scripted.client.beta.threads.runs.create(await scripted.newThread('6 x 7?'), body);
    }

    async function ended({ id, thread_id }: OpenAI.Beta.Threads.Run): Promise<OpenAI.Beta.Threads.Run> {
      return scripted.client.beta.threads.runs.poll(id, { thread_id });
    }

    async function stepsOf({ id, thread_id }: OpenAI.Beta.Threads.Run): Promise<Steps> {
      return (await scripted.client.beta.threads.runs.steps.list(id, { thread_id, order: 'asc' })).data;
    }

    async function answerIn(thread_id: string): Promise<string> {
      const { data } = await scripted.client.beta.threads.messages.list(thread_id);
      const [part] = data[0]?.content ?? [];
      return part?.type === 'text' ? part.text.value : '';
    }

    test('waits for a server that has too much to do, before each of its turns', async () => {
      const busy: ScriptedTurn = { error: { status: 429, message: 'Busy.', headers: { 'retry-after': '0' } } };
      const run = await ended(await begin(turnsOf('print(6 * 7)').flatMap((turn) => [busy, turn])));
      expect(run).toMatchObject({ status: 'completed', last_error: null });
      expect(await answerIn(run.thread_id)).toContain('It is 42.');
    });

    test('fails clearly where its last turn is cut, and the thread goes on', async () => {
      const turns = turnsOf('print(6 * 7)');
      const [last] = turns.splice(-1);
      const run = await ended(await begin([...turns, { ...last, cut: 'mid-stream', chunkSize: 1 }]));
      expect(run).toMatchObject({ status: 'failed', last_error: { code: 'server_error' } });
      for (const { status } of await stepsOf(run)) expect(['completed', 'failed']).toContain(status);
      scripted.models.setScript(turnsOf('print(6 * 7)'));
      const body = { assistant_id: scripted.assistantId, ...agent };
      const next = await scripted.client.beta.threads.runs.createAndPoll(run.thread_id, body);
      expect(next).toMatchObject({ status: 'completed' });
    });

    if (name === 'chat') return;
    test('goes on with a server that was killed and started anew between two rounds', async () => {
      const turns = turnsOf("import time\ntime.sleep(3)\nprint('slept')");
      const runsCode = turns.findIndex(({ text, toolCalls }) => toolCalls !== undefined || text?.includes('sleep'));
      await withModelProcess(scripted, async (models) => {
        await models.serverOf('vllm').setScript(turns.slice(0, runsCode + 1));
        const run = await begin();
        await eventually(async () => expect((await stepsOf(run)).at(-1)?.type).toBe('tool_calls'));
        await models.restart();
        await models.serverOf('vllm').setScript(turns.slice(runsCode + 1));
        expect(await ended(run)).toMatchObject({ status: 'completed' });
        expect(await answerIn(run.thread_id)).toContain('It is 42.');
      });
    });
  });

  describe.each(['mistral', 'gemma'] as const)('a model whose template is as strict as that of %s', (template) => {
    beforeEach(() => scripted.models.reset({ template }));
    afterAll(() => scripted.models.reset());

    // Calls of its own are nothing that such a template takes.
    const agents = template === 'gemma' ? ['chat', 'react'] : Object.keys(WAYS);
    test.each(agents)('works as %s, in a thread where its user spoke twice', async (name) => {
      const { client, models, assistantId } = scripted;
      models.setScript(WAYS[name]?.('print(6 * 7)') ?? []);
      const threadId = await scripted.newThread('6 x 7?');
      await client.beta.threads.messages.create(threadId, { role: 'user', content: 'Be quick.' });
      const body = {
        assistant_id: assistantId,
        instructions: 'Be exact.',
        ...(name === 'no agent' ? {} : { agent_type: name }),
      };
      const run = await client.beta.threads.runs.createAndPoll(threadId, body);
      expect(run).toMatchObject({ status: 'completed', last_error: null });
      const { data } = await client.beta.threads.messages.list(threadId);
      expect(data[0]?.content[0]).toMatchObject({ text: { value: expect.stringContaining('It is 42.') as string } });
    });
  });
});
