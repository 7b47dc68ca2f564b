import type { OpenAI } from 'openai';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { collect } from './support/stream-events.js';

const ACTION = 'Thought: I compute.\nAction: code_interpreter\nAction Input: {"code": "print(6 * 7)"}';

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
});
