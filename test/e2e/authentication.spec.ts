import OpenAI from 'openai';
import { makeServerPlace } from '../support/server-place.js';
import { ServerProcess } from '../support/server-process.js';
import { startServer, type TestServer } from '../support/server.js';

describe('a server that asks who one is', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const authRequest = (path: string, body: unknown): Promise<Response> =>
    fetch(`${server.baseUrl}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('refuses a request without a key', async () => {
    const answer = await fetch(`${server.baseUrl}/v1/models`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      error: {
        message: expect.stringContaining("You didn't provide an API key") as string,
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    });
  });

  it.each(['sk-wrong', 'a.b.c', 'Bearer'])('refuses the key %j as the SDK knows it', async (key) => {
    const call = server.openaiFor(key).models.list();
    await expect(call).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(call).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('refuses a token whose signature or claims were changed', async () => {
    const [header = '', claims = '', signature = ''] = (await server.signUp('changed')).split('.');
    const changed = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    const admin = Buffer.from(JSON.stringify({ ...changed, sub: 'user_admin', is_admin: true })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    const forged = [
      `${header}.${admin}.${signature}`,
      `${none}.${claims}.`,
      `${header}.${claims}.AAAA${signature.slice(4)}`,
    ];
    for (const token of forged) {
      await expect(server.openaiFor(token).models.list()).rejects.toMatchObject({ status: 401 });
    }
  });

  it('signs up, logs in, and takes the tokens of both', async () => {
    const tokens = [await server.signUp('anna'), await server.logIn('anna')];
    for (const token of tokens) {
      const models = await server.openaiFor(token).models.list();
      expect(models.data.map(({ id }) => id)).toEqual(['threadmill-demo']);
    }
  });

  it('logs the administrator in with the password that the first start printed', async () => {
    const token = await server.logIn('admin', server.adminPassword);
    const me = await fetch(`${server.baseUrl}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ username: 'admin', is_admin: true });
  });

  it('takes no role from whoever signs up', async () => {
    const { access_token: token } = (await (
      await authRequest('signup', { username: 'climber', password: 'a-long-password', role: 'admin' })
    ).json()) as { access_token: string };
    const me = await fetch(`${server.baseUrl}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ username: 'climber', is_admin: false });
  });

  it.each([
    ['signup', { username: 'admin', password: 'a-long-password' }, 400, 'Username already exists'],
    ['login', { username: 'admin', password: 'not-the-password' }, 401, 'Invalid username or password'],
    ['login', { username: 'nobody', password: 'not-the-password' }, 401, 'Invalid username or password'],
    ['signup', { username: 'short', password: '1234567' }, 400, expect.stringContaining("'password'")],
    ['signup', { username: 'a b', password: 'a-long-password' }, 400, expect.stringContaining("'username'")],
    ['login', { username: 'admin' }, 400, expect.stringContaining("'password'")],
    ['login', { username: ['admin'], password: 'not-the-password' }, 400, expect.stringContaining("'username'")],
  ])('answers a bad %s of %j with %i', async (path, body, status, detail) => {
    const answer = await authRequest(path, body);
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status, body: { detail } });
  });

  it('knows the same users and tokens after a restart, and prints the password no more', async () => {
    const token = await server.signUp('stayer');
    await server.restart();
    expect(server.logs).not.toContain('password:');
    await expect(server.openaiFor(token).models.list()).resolves.toBeDefined();
    await expect(server.logIn('admin', server.adminPassword)).resolves.toEqual(expect.any(String));
  });
});

describe('a server that asks nobody', () => {
  it('serves everyone as the administrator on a loopback address', async () => {
    const server = await startServer({ env: { AUTH_REQUIRED: 'false' } });
    try {
      const assistant = await server.openaiFor('anything').beta.assistants.create({ model: 'threadmill-demo' });
      const withoutKey = await fetch(`${server.baseUrl}/v1/assistants/${assistant.id}`, {
        headers: { 'openai-beta': 'assistants=v2' },
      });
      expect(await withoutKey.json()).toMatchObject({ id: assistant.id });
    } finally {
      await server.stop();
    }
  });

  it('is refused on an address that others can reach', async () => {
    const place = await makeServerPlace('embedded');
    const program = await ServerProcess.spawn({
      ...place.environment,
      AUTH_REQUIRED: 'false',
      API_HOST: '0.0.0.0',
      API_PORT: '0',
      HTTP_SERVER_PORT: '0',
    });
    try {
      expect(await program.exited).toEqual({ code: 1, signal: null });
      expect(program.logs).toContain('AUTH_REQUIRED=false is refused on API_HOST=0.0.0.0');
    } finally {
      await program.kill();
      await place.remove();
    }
  });
});
