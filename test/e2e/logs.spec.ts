import { eventually } from '../support/eventually.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';

interface LogLine {
  msg?: string;
  req?: { id: string; method: string; path: string };
  res?: { status: number };
  runId?: string;
  usage?: Record<string, unknown>;
}

/** An answer of a server that gives no usage, though asked for it. */
const UNCOUNTED = [{ content: 'Nobody counted this.' }, {}].map((delta, index) => {
  const choice = { index: 0, delta, finish_reason: index === 0 ? null : 'stop' };
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [choice] })}\n\n`;
});

/** What an operator finds in the log when a user comes with a request id, or with a run whose usage looks odd. */
describe('the log', () => {
  let scripted: ScriptedServer;

  beforeAll(async () => {
    scripted = await startScriptedServer({ env: { LOG_LEVEL: 'debug' } });
  });
  afterAll(() => scripted.stop());

  function lines(): LogLine[] {
    return scripted.server.logs
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []));
  }

  async function lineOf(requestId: string): Promise<LogLine | undefined> {
    await eventually(() => expect(lines().some(({ req }) => req?.id === requestId)).toBe(true));
    return lines().find(({ req }) => req?.id === requestId);
  }

  it('has one line for each request, with the id that its answer bears', async () => {
    const { models, client } = scripted;
    models.setScript([{ text: 'Hi.' }, { text: 'Hi.' }]);
    const listed = await client.models.list().withResponse();
    expect(await lineOf(listed.request_id ?? '')).toMatchObject({
      req: { method: 'GET', path: '/v1/models' },
      res: { status: 200 },
    });
    const messages = [{ role: 'user' as const, content: 'Hello.' }];
    const chat = await client.chat.completions.create({ model: models.model, messages }).withResponse();
    expect(await lineOf(chat.request_id ?? '')).toMatchObject({
      req: { method: 'POST', path: '/v1/chat/completions' },
      res: { status: 200 },
    });
    const ids = lines().flatMap(({ req }) => req?.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has one for a request that was refused, too, and no credential in any', async () => {
    const answer = await fetch(`${scripted.server.baseUrl}/v1/files/file-none?secret=word`, {
      headers: { authorization: `Bearer ${scripted.token}` },
    });
    expect(answer.status).toBe(404);
    expect(await lineOf(answer.headers.get('x-request-id') ?? '')).toMatchObject({
      req: { method: 'GET', path: '/v1/files/file-none' },
      res: { status: 404 },
    });
    expect(scripted.server.logs).not.toContain(scripted.token);
    expect(scripted.server.logs).not.toContain('secret=word');
  });

  it('marks the usage of a run as estimated where the model server counted nothing', async () => {
    const { models, client, assistantId } = scripted;
    const estimateOf = (id: string): LogLine | undefined =>
      lines().find(({ runId, msg }) => runId === id && msg?.includes('estimated'));
    models.setScript([{ rawFrames: UNCOUNTED }, { text: 'Counted.' }]);
    const guessed = await client.beta.threads.runs.createAndPoll(await scripted.newThread(), {
      assistant_id: assistantId,
    });
    expect(guessed).toMatchObject({ status: 'completed' });
    await eventually(() => expect(estimateOf(guessed.id)).toBeDefined());
    const { promptTokens, completionTokens } = estimateOf(guessed.id)?.usage ?? {};
    expect(guessed.usage).toMatchObject({ prompt_tokens: promptTokens, completion_tokens: completionTokens });
    expect(completionTokens).toBeGreaterThan(0);

    const counted = await client.beta.threads.runs.createAndPoll(await scripted.newThread(), {
      assistant_id: assistantId,
    });
    expect(counted).toMatchObject({ status: 'completed' });
    expect(estimateOf(counted.id)).toBeUndefined();
  });
});
