import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OpenAI } from 'openai';
import { eventually } from '../support/eventually.js';
import { pythonTurn, slowTurn, startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { collect } from './support/stream-events.js';

type Completion = OpenAI.Chat.Completions.ChatCompletion & { x_session_id?: string };
type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk & { x_session_id?: string };

const MADE_UP = 'sess_000000000000000000000000';
const run = promisify(execFile);

describe('sessions', () => {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer({ env: { MAX_CONVERSATION_HISTORY: '6' } });
  });
  afterAll(() => scripted.stop());

  const user = (content: string) => ({ role: 'user' as const, content });
  const ask = async (content: string, more: object = {}): Promise<Completion> =>
    scripted.client.chat.completions.create({
      model: scripted.models.model,
      messages: [user(content)],
      session_id: 'new',
      ...more,
    } as OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming);
  const sentMessages = (): unknown => (scripted.models.chats.at(-1)?.body as { messages: unknown }).messages;
  const api = async (path: string, { method = 'GET', token = scripted.token } = {}) => {
    const answer = await fetch(`${scripted.server.baseUrl}/api/chat/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const form = async (body: FormData | URLSearchParams): Promise<{ status: number; body: Completion }> => {
    const answer = await fetch(`${scripted.server.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scripted.token}` },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Completion };
  };

  test('a session is begun, goes on, is listed and told, by the SDK', async () => {
    const { models } = scripted;
    models.setScript([{ text: 'Paris.' }, { text: 'It is large.' }]);
    const first = await ask('Capital of France?');
    expect(first.x_session_id).toMatch(/^sess_/);
    const second = await ask('Tell me more.', { session_id: first.x_session_id });
    expect(second.x_session_id).toBe(first.x_session_id);
    const said = [user('Capital of France?'), { role: 'assistant', content: 'Paris.' }, user('Tell me more.')];
    expect(sentMessages()).toEqual(said);
    expect(models.chats.at(-1)?.body).not.toHaveProperty('session_id');
    const { body: listed } = await api('sessions');
    expect((listed['sessions'] as unknown[])[0]).toEqual({
      session_id: first.x_session_id,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      message_count: 4,
      agent_type: null,
    });
    const { body: history } = await api(`history/${first.x_session_id}`);
    expect(history).toEqual({ messages: [...said, { role: 'assistant', content: 'It is large.' }], has_more: false });
  });

  test('a streamed answer is kept, and its last chunk names the session', async () => {
    scripted.models.setScript([{ text: 'One two three.', reasoning: 'Hm.' }]);
    const stream = await scripted.client.chat.completions.create({
      model: scripted.models.model,
      messages: [{ role: 'system', content: 'Be brief.' }, user('Count.')],
      stream: true,
      session_id: 'new',
    } as OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming);
    const chunks: Chunk[] = await collect(stream);
    const sessionId = chunks.at(-1)?.x_session_id ?? '';
    const { body } = await api(`history/${sessionId}`);
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      user('Count.'),
      { role: 'assistant', content: 'One two three.' },
    ]);
    scripted.models.setScript([{ text: 'Four.' }]);
    await ask('Go on.', { session_id: sessionId });
    expect(sentMessages()).toEqual([...(body['messages'] as unknown[]), user('Go on.')]);
  });

  test('a session keeps its agent, and a request may have another', async () => {
    const { models } = scripted;
    models.setScript([{ text: 'Final Answer: one' }, { text: 'Final Answer: two' }, { text: 'Final Answer: three' }]);
    const { x_session_id: session_id, ...first } = await ask('a', { agent_type: 'react' });
    const second = await ask('b', { session_id });
    const third = await ask('c', { session_id, agent_type: 'chat' });
    const texts = [first, second, third].map(({ choices }) => choices[0]?.message.content);
    expect(texts).toEqual(['one', 'two', 'Final Answer: three']);
    const { body } = await api('sessions');
    expect((body['sessions'] as unknown[])[0]).toMatchObject({ session_id, agent_type: 'react' });
  });

  test('files and variables of one turn are there in the next', async () => {
    const { models, client } = scripted;
    const file = await client.files.create({ file: new File(['a,b\n1,2\n'], 'data.csv'), purpose: 'assistants' });
    models.setScript([pythonTurn('x = 41\nprint(open("data.csv").read())'), { text: 'Read.' }]);
    const { x_session_id: session_id } = await ask('Read it.', { file_ids: [file.id] });
    models.setScript([pythonTurn('print(x + 1, len(open("data.csv").read()))'), { text: 'Done.' }]);
    const second = await ask('And now?', { session_id });
    expect(second.choices[0]?.message.content).toContain('```\n42 8\n');
  });

  test("the client's functions are answered in the next request", async () => {
    const { models } = scripted;
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
    models.setScript([{ toolCalls: [{ name: 'look', arguments: { at: 'sky' } }] }, { text: 'It is blue.' }]);
    const { x_session_id: session_id, choices } = await ask('Look.', { tools });
    const [call] = choices[0]?.message.tool_calls ?? [];
    const messages = [{ role: 'tool', tool_call_id: call?.id, content: 'blue' }];
    const second = await ask('', { session_id, tools, messages });
    expect(second.choices[0]?.message.content).toBe('It is blue.');
    expect(sentMessages()).toEqual([
      user('Look.'),
      { role: 'assistant', content: null, tool_calls: [expect.objectContaining({ id: call?.id })] },
      ...messages,
    ]);
  });

  test('the model is shown the newest messages, and all are kept', async () => {
    const { models } = scripted;
    models.setScript([{ text: 'ok', repeat: true }]);
    const { x_session_id: session_id } = await ask('q0');
    for (const index of [1, 2, 3, 4]) await ask(`q${index}`, { session_id });
    expect((sentMessages() as { content: string }[]).map(({ content }) => content)).toEqual([
      'q1',
      'ok',
      'q2',
      'ok',
      'q3',
      'ok',
      'q4',
    ]);
    const { body } = await api(`history/${session_id}`);
    expect(body['messages']).toHaveLength(10);
  });

  test('a turn that failed leaves the session as it was', async () => {
    const { models } = scripted;
    models.setScript([{ text: 'ok' }]);
    const { x_session_id: session_id } = await ask('a');
    models.setScript([{ error: { status: 400, message: 'No.' } }]);
    await expect(ask('b', { session_id })).rejects.toMatchObject({ status: 400 });
    models.setScript([{ text: 'One two three four five.', cut: 'mid-stream' }]);
    await expect(ask('c', { session_id })).rejects.toMatchObject({ status: 503 });
    expect((await api(`history/${session_id}`)).body['messages']).toHaveLength(2);
  });

  test('a turn whose client left before its end leaves the session as it was', async () => {
    const { models, client } = scripted;
    models.setScript([{ text: 'ok' }]);
    const { x_session_id: session_id } = await ask('a');
    models.setScript([slowTurn(200, 50)]);
    const stream = await client.chat.completions.create({
      model: models.model,
      messages: [user('b')],
      stream: true,
      session_id,
    } as OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming);
    for await (const { choices } of stream) if (choices[0]?.delta.content) break;
    await eventually(() => expect(models.chats.at(-1)?.closedEarly).toBe(true));
    expect((await api(`history/${session_id}`)).body['messages']).toHaveLength(2);
  });

  test('turns at the same time are all kept, each in one piece', async () => {
    const { models } = scripted;
    models.setScript([{ text: 'ok', repeat: true }]);
    const { x_session_id: session_id } = await ask('q0');
    await Promise.all(Array.from({ length: 8 }, (_, index) => ask(`q${index + 1}`, { session_id })));
    const { messages } = (await api(`history/${session_id}`)).body as { messages: { role: string; content: string }[] };
    expect(messages.map(({ role }) => role)).toEqual(Array(9).fill(['user', 'assistant']).flat());
    const asked = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
    expect(asked.sort()).toEqual(Array.from({ length: 9 }, (_, index) => `q${index}`));
  });

  test('a deleted session is gone, with its interpreter', async () => {
    const { models } = scripted;
    models.setScript([pythonTurn('x = 1'), { text: 'Set.' }]);
    const { x_session_id: id } = await ask('Set x.', { execute_code: true });
    expect(await api(`sessions/${id}`, { method: 'DELETE' })).toEqual({
      status: 200,
      body: { session_id: id, deleted: true },
    });
    for (const [path, method] of [[`history/${id}`], [`sessions/${id}`, 'DELETE']]) {
      expect(await api(path ?? '', method ? { method } : {})).toEqual({
        status: 404,
        body: { detail: 'Session not found' },
      });
    }
    await expect(ask('Still there?', { session_id: id })).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining(`No session found with id '${id}'.`),
    });
  });

  test("another tenant's session is as good as none", async () => {
    const { models, server } = scripted;
    models.setScript([{ text: 'ok' }]);
    const { x_session_id: id } = await ask('private');
    const token = await server.signUp('stranger');
    const stranger = server.openaiFor(token, { maxRetries: 0 });
    const body = { model: models.model, messages: [user('x')] };
    for (const session_id of [id, MADE_UP]) {
      await expect(stranger.chat.completions.create({ ...body, session_id } as never)).rejects.toMatchObject({
        status: 404,
        message: expect.stringContaining(`No session found with id '${session_id}'.`),
      });
      expect(await api(`history/${session_id}`, { token })).toMatchObject({ status: 404 });
      expect(await api(`sessions/${session_id}`, { token, method: 'DELETE' })).toMatchObject({ status: 404 });
    }
    expect((await api('sessions', { token })).body).toEqual({ sessions: [], has_more: false });
    expect((await api(`history/${id}`)).body['messages']).toHaveLength(2);
  });

  describe('by forms, as the third seed has it', () => {
    const fields = (more: Record<string, string> = {}, content = 'What is the capital of France?') => ({
      model: scripted.models.model,
      messages: JSON.stringify([user(content)]),
      ...more,
    });

    test('URL-encoded: a session begins with the default agent, and goes on', async () => {
      const { models } = scripted;
      models.setScript([{ text: 'chat' }, { text: 'Paris.' }, { text: 'chat' }, { text: 'It is large.' }]);
      const first = await form(new URLSearchParams(fields()));
      expect(first).toMatchObject({ status: 200, body: { choices: [{ message: { content: 'Paris.' } }] } });
      const more = fields({ session_id: first.body.x_session_id ?? '' }, 'Tell me more about it.');
      const second = await form(new URLSearchParams(more));
      expect(second.body.choices[0]?.message.content).toBe('It is large.');
      expect(JSON.stringify(sentMessages())).toContain('capital of France');
      const [session] = (await api('sessions')).body['sessions'] as object[];
      expect(session).toMatchObject({ session_id: first.body.x_session_id, agent_type: 'auto', message_count: 4 });
    });

    test('multipart with a file, which the code reads', async () => {
      const code = 'print(open("data.csv").read())';
      const action = `Action: code_interpreter\nAction Input: ${JSON.stringify({ code })}`;
      scripted.models.setScript([{ text: action }, { text: 'Final Answer: Read.' }]);
      const body = new FormData();
      for (const [name, value] of Object.entries(fields({ agent_type: 'react' }))) body.append(name, value);
      body.append('files', new File(['north,3\n'], 'data.csv', { type: 'text/csv' }));
      body.append('files', new File(['{}'], 'more.json'));
      const answer = await form(body);
      expect(answer.body.choices[0]?.message.content).toContain('north,3\n');
      expect(JSON.stringify(sentMessages())).toContain('more.json');
    });

    test("the seed's curl", async () => {
      scripted.models.setScript([{ text: 'chat' }, { text: 'Hello!' }]);
      const { stdout } = await run('curl', [
        ...['-s', `${scripted.server.baseUrl}/v1/chat/completions`, '-H', `Authorization: Bearer ${scripted.token}`],
        ...['-F', `model=${scripted.models.model}`, '-F', 'messages=[{"role":"user","content":"Hello!"}]'],
        ...['-F', 'agent_type=auto'],
      ]);
      expect(JSON.parse(stdout)).toMatchObject({
        choices: [{ message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
        x_session_id: expect.stringMatching(/^sess_/),
      });
    });

    test('streamed, with the work of the agent in the stream', async () => {
      const code = 'print(6 * 7)';
      const action = `Action: code_interpreter\nAction Input: ${JSON.stringify({ code })}`;
      scripted.models.setScript([{ text: action }, { text: 'Final Answer: 42' }]);
      const answer = await fetch(`${scripted.server.baseUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${scripted.token}` },
        body: new URLSearchParams(fields({ agent_type: 'react', stream: 'true' })),
      });
      const lines = (await answer.text()).split('\n').filter((line) => line.startsWith('data: '));
      expect(lines.pop()).toBe('data: [DONE]');
      const chunks = lines.map((line) => JSON.parse(line.slice('data: '.length)) as Chunk);
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
      expect(text).toContain('```\n42\n');
      expect(chunks.at(-1)?.x_session_id).toMatch(/^sess_/);
    });

    test.each<[string, () => FormData | URLSearchParams, number, object]>([
      ['no messages', () => new URLSearchParams({ model: 'm' }), 400, { param: 'messages' }],
      ['messages that are no JSON', () => new URLSearchParams(fields({ messages: 'hi' })), 400, { param: 'messages' }],
      ['an unknown field', () => new URLSearchParams(fields({ wish: 'x' })), 400, { code: 'unknown_parameter' }],
      ['an unknown agent', () => new URLSearchParams(fields({ agent_type: 'genius' })), 400, { param: 'agent_type' }],
      ['a session of nobody', () => new URLSearchParams(fields({ session_id: MADE_UP })), 404, {}],
      ['an empty file', () => withFiles(1, ''), 400, { code: 'empty_file' }],
      ['too many files', () => withFiles(21, 'x'), 400, { param: 'files' }],
    ])('%s is refused in the envelope', async (_, body, status, error) => {
      const answer = await form(body());
      expect(answer).toMatchObject({ status, body: { error: { type: 'invalid_request_error', ...error } } });
    });

    function withFiles(count: number, content: string): FormData {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields())) body.append(name, value);
      for (let index = 0; index < count; index++) body.append('files', new File([content], `${index}.txt`));
      return body;
    }
  });

  test('JSON that says it is a form is JSON all the same, as curl -d sends it', async () => {
    scripted.models.setScript([{ text: 'Plain.' }]);
    const { stdout } = await run('curl', [
      ...['-s', `${scripted.server.baseUrl}/v1/chat/completions`, '-H', `Authorization: Bearer ${scripted.token}`],
      ...['-d', JSON.stringify({ model: scripted.models.model, messages: [user('Hi')] })],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ choices: [{ message: { content: 'Plain.' } }] });
    expect(JSON.parse(stdout)).not.toHaveProperty('x_session_id');
  });

  test('a session outlives its server', async () => {
    const { models, server } = scripted;
    models.setScript([{ text: 'ok', repeat: true }]);
    const { x_session_id: session_id } = await ask('a');
    await server.restart();
    await ask('b', { session_id });
    expect((await api(`history/${session_id}`)).body['messages']).toHaveLength(4);
  });
});
