import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { callWire } from './support/wire-call.js';

let scripted: ScriptedServer;
let admin: string;

beforeAll(async () => {
  scripted = await startScriptedServer({
    env: { MODEL_LOG: 'true', MODEL_LOG_MAX_MB: '8', MODEL_LOG_REDACT: 'the code word' },
  });
  admin = await scripted.server.logIn('admin', scripted.server.adminPassword);
});
afterAll(() => scripted.stop());

const read = (query: string, token = admin): ReturnType<typeof callWire> =>
  callWire(scripted.server, token, { method: 'GET', path: `/admin/model-log${query}` });

describe('the log of model calls', () => {
  it('tells administrators what a run sent and got', async () => {
    const { client, models, assistantId } = scripted;
    models.setScript([{ reasoning: 'Hm.', text: 'The answer, with the code word.' }]);
    const threadId = await scripted.newThread('A question.');
    const run = await client.beta.threads.runs.createAndPoll(threadId, { assistant_id: assistantId });
    expect(run.status).toBe('completed');
    const { body } = await read(`?run_id=${run.id}`);
    expect(body).toEqual({ object: 'list', data: [expect.any(Object)] });
    expect(body).toMatchObject({
      data: [
        {
          run_id: run.id,
          server: 'vllm',
          path: '/chat/completions',
          duration_ms: expect.any(Number) as number,
          answer: { text: 'The answer, with [redacted].', reasoning: 'Hm.', finishReason: 'stop' },
          error: null,
        },
      ],
    });
    expect(JSON.stringify(body)).toContain('A question.');
  });

  it('shows each round of an agent as it was sent', async () => {
    const { client, models } = scripted;
    models.setScript([{ toolCalls: [{ name: 'no_such_tool', arguments: {} }] }, { text: 'Then without.' }]);
    const asked = { model: models.model, messages: [{ role: 'user' as const, content: 'A question.' }] };
    const { id } = await client.chat.completions.create({ ...asked, tools: [{ type: 'calculator' } as never] });
    const { body } = await read(`?run_id=${id}`);
    const { data } = body as { data: { request: { messages: { role: string }[] } }[] };
    expect(data.map(({ request }) => request.messages.map(({ role }) => role))).toEqual([
      ['user', 'assistant', 'tool'],
      ['user'],
    ]);
  });

  it('has what was passed on, and what failed', async () => {
    const { client, models } = scripted;
    const request = { model: models.model, messages: [{ role: 'user' as const, content: 'Pass this on.' }] };
    models.setScript([{ text: 'Passed on.' }]);
    const passed = await client.chat.completions.create(request).withResponse();
    const requestId = passed.response.headers.get('x-request-id');
    models.setScript([{ error: { status: 500, message: 'Broken.' } }]);
    await expect(client.chat.completions.create(request)).rejects.toMatchObject({ status: 502 });
    const { body } = await read('?limit=2');
    expect(body).toMatchObject({
      data: [
        { run_id: expect.stringMatching(/^req_/) as string, answer: { status: 500 } },
        { run_id: requestId, request: { messages: [{ content: 'Pass this on.' }] }, answer: { status: 200 } },
      ],
    });
    const one = await read(`?run_id=${requestId}`);
    expect(one.body).toMatchObject({ data: [{ run_id: requestId, answer: { status: 200 } }] });
  });

  it('keeps the head of a call that is too large for it', async () => {
    const { client, models } = scripted;
    // One word, and so a single token, to the imitation.
    const long = 'x'.repeat(60_000);
    const messages = Array.from({ length: 40 }, () => ({ role: 'user' as const, content: long }));
    models.setScript([{ text: 'Read.' }]);
    const tools = [{ type: 'calculator' } as never];
    const { id } = await client.chat.completions.create({ model: models.model, messages, tools });
    const { body } = await read(`?run_id=${id}`);
    expect(body).toMatchObject({
      data: [{ run_id: id, request: expect.stringMatching(/^\[\d+ characters left out\]$/) }],
    });
    expect(body).toMatchObject({ data: [{ answer: { text: 'Read.' } }] });
  });

  it('is for administrators alone', async () => {
    expect((await read('', scripted.token)).status).toBe(403);
    expect((await read('?limit=0')).status).toBe(400);
  });
});
