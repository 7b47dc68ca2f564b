import { ImitationModelServer } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { ServerProcess } from '../support/server-process.js';

const START_PATIENCE_MS = 120_000;
const SERVES_AT = /Threadmill serves at http:\/\/localhost:(\d+)\/v1/;
const DETAIL = { detail: expect.any(String) as unknown };

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

interface Asked {
  method?: string;
  body?: unknown;
  token?: string | null;
  origin?: string;
}

describe('the default model', () => {
  let vllm: ImitationModelServer;
  let llamacpp: ImitationModelServer;
  let server: TestServer;
  let admin: string;
  let user: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    vllm = await new ImitationModelServer({ profile: 'vllm' }).start();
    llamacpp = await new ImitationModelServer({ profile: 'llamacpp' }).start();
    env = { VLLM_HOST: vllm.url, LLAMACPP_HOST: llamacpp.url, DEFAULT_MODEL: vllm.model };
    server = await startServer({ engine: 'postgres+redis', env });
    admin = await server.logIn('admin', server.adminPassword);
    user = await server.signUp('user');
  }, START_PATIENCE_MS);
  afterAll(async () => {
    await server?.stop();
    await vllm?.stop();
    await llamacpp?.stop();
  });

  async function ask(
    path: string,
    { method = 'GET', body, token = user, origin = server.baseUrl }: Asked = {},
  ): Promise<Answer> {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  const choose = (model: unknown, token: string | null = admin) =>
    ask('/api/admin/model', { method: 'POST', body: { model }, token });
  const show = async () => (await ask('/api/admin/model', { token: admin })).body;
  /** Of a chat completion that names none. */
  const modelAsked = async (origin = server.baseUrl) => {
    const body = { messages: [{ role: 'user', content: 'Hi' }] };
    return (await ask('/v1/chat/completions', { method: 'POST', body, origin })).body['model'];
  };

  test('is the one that an administrator chose, in every process and after a start', async () => {
    expect(await show()).toEqual({ model: vllm.model, source: 'configured' });
    expect(await modelAsked()).toBe(vllm.model);
    const other = await ServerProcess.spawn({
      ...{ ...server.environment, ...env, API_PORT: '0', HTTP_SERVER_PORT: '0', SANDBOX_WARM_KERNELS: '0' },
      LOG_LEVEL: 'info',
    });
    try {
      const origin = `http://127.0.0.1:${(await other.waitFor(SERVES_AT))[1]}`;
      expect(await modelAsked(origin)).toBe(vllm.model);
      expect(await choose(llamacpp.model)).toEqual({
        status: 200,
        body: { status: 'success', message: `Model changed to ${llamacpp.model}`, model: llamacpp.model },
      });
      expect(await modelAsked()).toBe(llamacpp.model);
      await eventually(async () => expect(await modelAsked(origin)).toBe(llamacpp.model));
    } finally {
      await other.kill('SIGTERM');
    }
    await server.restart();
    expect(await show()).toEqual({ model: llamacpp.model, source: 'chosen' });
    expect(await modelAsked()).toBe(llamacpp.model);
    const taken = await ask('/api/admin/model', { method: 'DELETE', token: admin });
    expect(taken).toEqual({ status: 200, body: { model: vllm.model, source: 'configured' } });
    expect(await modelAsked()).toBe(vllm.model);
  });

  test.each(['no-such-model', ' ', '../etc/passwd', '\u202e', 'x'.repeat(512)])(
    'is not changed to %j, which no server has',
    async (model) => {
      expect(await choose(model)).toEqual({ status: 404, body: DETAIL });
      expect(await show()).toEqual({ model: vllm.model, source: 'configured' });
    },
  );

  test.each([undefined, null, '', 7, ['a'], 'a\0b', 'x'.repeat(513)])('is not changed to %j', async (model) => {
    expect(await choose(model)).toEqual({ status: 400, body: DETAIL });
  });

  test('is for administrators to choose, and to see', async () => {
    expect(await choose(llamacpp.model, user)).toEqual({ status: 403, body: DETAIL });
    expect(await choose(llamacpp.model, null)).toEqual({ status: 401, body: DETAIL });
    for (const method of ['GET', 'DELETE']) {
      expect(await ask('/api/admin/model', { method })).toEqual({ status: 403, body: DETAIL });
      expect(await ask('/api/admin/model', { method, token: null })).toEqual({ status: 401, body: DETAIL });
    }
    expect(await modelAsked()).toBe(vllm.model);
  });
});
