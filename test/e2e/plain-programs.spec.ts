import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';

type Body = Record<string, unknown> & { id?: string; data?: Record<string, unknown>[] };

/** Programs without an SDK, such as those of the first seed, know neither keys nor the header of the wire's version. */
describe('programs of plain HTTP, on a server that lets them be', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ env: { AUTH_REQUIRED: 'false', OPENAI_BETA_HEADER: 'optional', LOG_LEVEL: 'error' } });
  });
  afterAll(() => server.stop());

  async function call(path: string, body?: object | FormData, beta?: string): Promise<{ status: number; body: Body }> {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${server.baseUrl}/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(beta === undefined ? {} : { 'openai-beta': beta }),
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  }

  async function create(path: string, body: object | FormData): Promise<string> {
    const answer = await call(path, body);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body.id ?? '';
  }

  it('the whole workflow of assistants, in its steps', async () => {
    const form = new FormData();
    form.set('purpose', 'assistants');
    form.set('file', new Blob(['region,units\nnorth,3\nsouth,5\n']), 'sales.csv');
    const fileId = await create('/files', form);
    const assistantId = await create('/assistants', {
      model: 'threadmill-demo',
      name: 'Data Analyst',
      instructions: 'You are a professional data analyst.',
    });
    const threadId = await create('/threads', { metadata: { project: 'analysis' } });
    await create(`/threads/${threadId}/messages`, {
      role: 'user',
      content: 'Analyze the uploaded data and create visualizations',
      file_ids: [fileId],
    });
    const runId = await create(`/threads/${threadId}/runs`, { assistant_id: assistantId });
    await eventually(async () =>
      expect((await call(`/threads/${threadId}/runs/${runId}`)).body['status']).toBe('completed'),
    );
    const messages = await call(`/threads/${threadId}/messages`);
    expect(messages.body.data?.map(({ role }) => role)).toContain('assistant');
    const files = await call(`/threads/${threadId}/files`);
    expect(files.body.data?.map(({ filename }) => filename)).toContain('sales.csv');
  });

  it('another version of the wire is refused all the same', async () => {
    const answer = await call('/assistants', undefined, 'assistants=v1');
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_beta' } } });
  });
});
