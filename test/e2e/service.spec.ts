import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  // On nothing at all, as at home; the suites beside this one start where the tables are made already.
  server = await startServer({ isFirstStart: true });
});
afterAll(() => server.stop());

const get = (path: string): Promise<Response> => fetch(server.baseUrl + path);

describe('the service', () => {
  it('tells the state of each part at /health', async () => {
    const answer = await get('/health');
    expect(answer.status).toBe(200);
    const report = (await answer.json()) as { status: string; parts: Record<string, Record<string, unknown>> };
    expect(Object.keys(report.parts).sort()).toEqual(['database', 'model_servers', 'queue', 'sandbox', 'search']);
    expect(report.parts).toMatchObject({
      database: { status: 'ok', engine: 'embedded' },
      queue: { status: 'ok' },
      search: { status: 'ok', lexical: 'bm25', embedding_model: null },
      model_servers: { status: 'ok', servers: [expect.objectContaining({ name: 'demo' })] },
    });
    const sandbox = report.parts['sandbox'] ?? {};
    expect(['ok', 'down']).toContain(sandbox['status']);
    expect(report.status).toBe(sandbox['status'] === 'ok' ? 'healthy' : 'degraded');
  });

  it('is alive and ready', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'alive' });
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('keeps idle connections for longer than a proxy in front of it does', async () => {
    expect((await get('/health/live')).headers.get('keep-alive')).toBe('timeout=75');
  });

  it('serves Swagger UI and the OpenAPI document', async () => {
    const page = await get('/docs');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('swagger-ui');
    const document = (await (await get('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toMatch(/^3\./);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations).toEqual(
      expect.arrayContaining([
        'POST /v1/files',
        'GET /v1/files/{fileId}/content',
        'POST /v1/assistants',
        'POST /v1/threads/runs',
        'POST /v1/threads/{threadId}/runs/{runId}/cancel',
        'GET /v1/threads/{threadId}/files',
        'POST /v1/chat/completions',
        'GET /v1/models',
        'POST /api/auth/login',
      ]),
    );
  });

  it.each([
    ['GET', '/v1/nonsense'],
    ['POST', '/nonsense'],
    ['DELETE', '/v1/models'],
    ['GET', '/v1/assistants/asst_1/nonsense'],
    ['GET', '/'],
  ])('answers %s %s with the envelope of an unknown URL', async (method, path) => {
    const answer = await fetch(server.baseUrl + path, { method });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(await answer.json()).toEqual({
      error: {
        message: `Invalid URL (${method} ${path})`,
        type: 'invalid_request_error',
        param: null,
        code: 'unknown_url',
      },
    });
  });

  it('gives every answer a request id of its own, errors and streams included', async () => {
    const token = await server.signUp('ids');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const chat = JSON.stringify({
      model: 'threadmill-demo',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    });
    const answers = [
      await get('/health'),
      await get('/v1/models'),
      await fetch(`${server.baseUrl}/v1/models`, { headers }),
      await fetch(`${server.baseUrl}/v1/chat/completions`, { method: 'POST', headers, body: chat }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 200]);
    const ids = answers.map((answer) => answer.headers.get('x-request-id'));
    for (const id of ids) expect(id).toMatch(/^req_\w{16,}$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(answers[3]?.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect((await answers[3]?.text())?.trimEnd()).toMatch(/data: \[DONE\]$/);
  });
});
