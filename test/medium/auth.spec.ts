import { Controller, Get, Post } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { CurrentPrincipal, Public, RequireScope } from '../../src/common/marks.js';
import type { Principal } from '../../src/common/principal.js';
import { Database } from '../../src/database/database.js';
import { ADMIN_PASSWORD, startTestingApp, type TestingApp } from '../support/testing-app.js';
import { describeOnEachEngine } from '../support/engines.js';

@Controller('v1/probe')
class ProbeController {
  @Get()
  @RequireScope('files:read')
  read(@CurrentPrincipal() principal: Principal): { projectId: string; username: string } {
    return { projectId: principal.projectId, username: principal.username };
  }

  @Post()
  @RequireScope('files:write')
  write(): { done: true } {
    return { done: true };
  }

  @Get('admin')
  @RequireScope('admin')
  admin(): { done: true } {
    return { done: true };
  }

  @Get('public')
  @Public()
  open(): { done: true } {
    return { done: true };
  }
}

@Controller('v1/forgotten')
class ForgottenController {
  @Get()
  open(): { done: true } {
    return { done: true };
  }
}

class ProbeModule {}
Reflect.defineMetadata('controllers', [ProbeController], ProbeModule);
class ForgottenModule {}
Reflect.defineMetadata('controllers', [ForgottenController], ForgottenModule);

const MISSING_KEY =
  "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";

describeOnEachEngine('signup, login and the guard', (engine) => {
  let testing: TestingApp;
  beforeAll(async () => {
    testing = await startTestingApp({ modules: [ProbeModule], engine });
  });
  afterAll(() => testing?.close());

  const probe = (token: string) => testing.request.get('/v1/probe').set('authorization', `Bearer ${token}`);
  const logIn = (username: string, password: string) =>
    testing.request.post('/api/auth/login').send({ username, password });

  it('gives a token at signup and at login, each good for a request', async () => {
    const token = await testing.signUp('alice');
    const login = await logIn('ALICE', 'a-long-password').expect(200);
    expect(login.body).toEqual({ access_token: expect.any(String), token_type: 'bearer' });
    const first = await probe(token).expect(200);
    const second = await probe(login.body.access_token).expect(200);
    expect(first.body).toEqual({ projectId: expect.stringMatching(/^proj_/), username: 'alice' });
    expect(second.body).toEqual(first.body);
  });

  it('gives every user a project of their own', async () => {
    const [first, second] = [await testing.signUp('ann'), await testing.signUp('ben')];
    const projects = [await probe(first), await probe(second)].map((answer) => answer.body.projectId);
    expect(new Set(projects).size).toBe(2);
  });

  it.each([
    ['a taken name, whatever its case', { username: 'Taken', password: 'a-long-password' }, 'Username already exists'],
    ['a short name', { username: 'ab', password: 'a-long-password' }, 'username'],
    ['a name with a control character', { username: 'bad\u202ename', password: 'a-long-password' }, 'username'],
    ['a name with NUL', { username: 'bad\0name', password: 'a-long-password' }, 'username'],
    ['a short password', { username: 'carol', password: '1234567' }, 'password'],
    ['a password that is no text', { username: 'carol', password: 12345678 }, 'password'],
    ['no password', { username: 'carol' }, 'password'],
  ])('refuses %s with 400 and a detail', async (_, body, text) => {
    await testing.request.post('/api/auth/signup').send({ username: 'taken', password: 'a-long-password' });
    const answer = await testing.request.post('/api/auth/signup').send(body).expect(400);
    expect(answer.body).toEqual({ detail: expect.stringContaining(text) });
  });

  it('keeps one of two signups of the same name at once', async () => {
    const signUp = () =>
      testing.request.post('/api/auth/signup').send({ username: 'racer', password: 'a-long-password' });
    const answers = await Promise.all([signUp(), signUp(), signUp()]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400]);
  });

  it('takes no role from the client', async () => {
    const signup = { username: 'mallory', password: 'a-long-password', role: 'admin' };
    const { body } = await testing.request.post('/api/auth/signup').send(signup).expect(200);
    const me = await testing.request
      .get('/api/auth/me')
      .set('authorization', `Bearer ${body.access_token}`)
      .expect(200);
    expect(me.body).toMatchObject({ username: 'mallory', is_admin: false, role: 'owner' });
    expect(me.body.scopes).not.toContain('admin');
    await testing.request.get('/v1/probe/admin').set('authorization', `Bearer ${body.access_token}`).expect(403);
  });

  it('answers a wrong password and an unknown user alike', async () => {
    await testing.signUp('dora');
    for (const [username, password] of [
      ['dora', 'wrong-password'],
      ['nobody-at-all', 'wrong-password'],
      ['dora', ''],
    ]) {
      const answer = await logIn(username ?? '', password ?? '').expect(401);
      expect(answer.body).toEqual({ detail: 'Invalid username or password' });
    }
  });

  it('stops guessing after ten tries, says when to come back, and leaves other users alone', async () => {
    await testing.signUp('eve');
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => logIn('eve', 'guess')))).map((a) => a.status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    const refused = await logIn('EVE', 'a-long-password').expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.body).toEqual({ detail: expect.stringContaining('Too many') });
    await testing.signUp('frank');
    await logIn('frank', 'a-long-password').expect(200);
  });

  it('lets public routes pass without a key, even with a wrong one', async () => {
    await testing.request.get('/v1/probe/public').expect(200);
    await testing.request.get('/v1/probe/public').set('authorization', 'Bearer nonsense').expect(200);
  });

  it.each([
    ['no header', undefined, MISSING_KEY],
    ['another scheme', 'Basic YTpi', MISSING_KEY],
    ['an unknown key', 'Bearer sk-abcdefghijklmnopcd', 'Incorrect API key provided: sk-ab***cd.'],
    ['a short key', 'Bearer sk-x', 'Incorrect API key provided: ***.'],
    ['a malformed token', 'Bearer aaaaaa.bbbbbb.cccccc', 'Incorrect API key provided: aaaaa***cc.'],
  ])('answers %s with 401 in the words of OpenAI', async (_, header, message) => {
    const request = testing.request.get('/v1/probe');
    if (header !== undefined) void request.set('authorization', header);
    const answer = await request.expect(401);
    expect(answer.body).toEqual({
      error: { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
    });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('answers a missing key under /api with a detail', async () => {
    const answer = await testing.request.get('/api/auth/me').expect(401);
    expect(answer.body).toEqual({ detail: MISSING_KEY });
  });

  it('refuses tokens that expired, were signed with another key or no algorithm, or name no user', async () => {
    await testing.signUp('gina');
    const [{ id }] = await testing.app.get(Database).manager.query(`SELECT id FROM users WHERE username = 'gina'`);
    const jwt = testing.app.get(JwtService, { strict: false });
    const claims = { sub: id, version: 1 };
    await probe(await jwt.signAsync(claims)).expect(200);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bad = [
      await jwt.signAsync(claims, { expiresIn: -10 }),
      await new JwtService({ secret: 'another'.repeat(8) }).signAsync(claims),
      `${part({ alg: 'none', typ: 'JWT' })}.${part({ ...claims, exp: 9_999_999_999 })}.`,
      await jwt.signAsync({ ...claims, version: 2 }),
      await jwt.signAsync({ sub: 'user_unknown', version: 1 }),
      await jwt.signAsync({ sub: id }),
      await jwt.signAsync({ sub: { $ne: null }, version: 1 }),
    ];
    for (const token of bad) await probe(token).expect(401);
  });

  it('refuses a disabled user, and tokens of before the version was raised', async () => {
    const tokens = [await testing.signUp('hugo'), await testing.signUp('iris')];
    const { manager } = testing.app.get(Database);
    await manager.query(`UPDATE users SET disabled = true WHERE username = 'hugo'`);
    await manager.query(`UPDATE users SET token_version = 2 WHERE username = 'iris'`);
    for (const token of tokens) await probe(token).expect(401);
    await logIn('hugo', 'a-long-password').expect(401);
    const again = await logIn('iris', 'a-long-password').expect(200);
    await probe(again.body.access_token).expect(200);
  });

  it('selects a project by header, and answers foreign and unknown ones alike', async () => {
    const [owner, stranger] = [await testing.signUp('judy'), await testing.signUp('kurt')];
    const own = (await probe(owner)).body.projectId as string;
    expect((await probe(owner).set('openai-project', own).expect(200)).body.projectId).toBe(own);
    const foreign = await probe(stranger).set('openai-project', own).expect(401);
    const unknown = await probe(stranger).set('openai-project', 'proj_unknown').expect(401);
    expect(foreign.body).toEqual(unknown.body);
    expect(foreign.body.error.code).toBe('mismatched_project');
  });

  it('lets a viewer read and not write', async () => {
    const [owner, viewer] = [await testing.signUp('lena'), await testing.signUp('mike')];
    const projectId = (await probe(owner)).body.projectId as string;
    const { manager } = testing.app.get(Database);
    await manager.query(
      `INSERT INTO memberships (project_id, user_id, role) SELECT $1, id, 'viewer' FROM users WHERE username = 'mike'`,
      [projectId],
    );
    const answer = await probe(viewer).set('openai-project', projectId).expect(200);
    expect(answer.body).toEqual({ projectId, username: 'mike' });
    expect((await probe(viewer)).body.projectId).not.toBe(projectId);
    const refused = await testing.request
      .post('/v1/probe')
      .set('authorization', `Bearer ${viewer}`)
      .set('openai-project', projectId)
      .expect(403);
    expect(refused.body.error).toMatchObject({
      code: 'insufficient_permissions',
      message: 'You have insufficient permissions for this operation. Missing scopes: files:write.',
    });
    await testing.request.post('/v1/probe').set('authorization', `Bearer ${viewer}`).expect(201);
  });

  it('has made the first administrator, who may do what administrators may', async () => {
    const { body } = await logIn('admin', ADMIN_PASSWORD).expect(200);
    await testing.request.get('/v1/probe/admin').set('authorization', `Bearer ${body.access_token}`).expect(200);
  });

  it('asks the database nothing for a token it has just seen', async () => {
    const token = await testing.signUp('nina');
    await probe(token).expect(200);
    await testing.app.get(Database).manager.query(`UPDATE users SET disabled = true WHERE username = 'nina'`);
    await probe(token).expect(200);
  });
});

describe('a server that demands no credential', () => {
  let testing: TestingApp;
  beforeAll(async () => {
    testing = await startTestingApp({ modules: [ProbeModule], environment: { AUTH_REQUIRED: 'false' } });
  });
  afterAll(() => testing?.close());

  it('takes every request as the first administrator, whatever key comes with it', async () => {
    const answers = [
      await testing.request.get('/v1/probe').expect(200),
      await testing.request.get('/v1/probe').set('authorization', 'Bearer sk-not-a-key').expect(200),
    ];
    for (const answer of answers) expect(answer.body.username).toBe('admin');
    await testing.request.get('/v1/probe/admin').expect(200);
  });

  it('still honours the token of another user', async () => {
    const token = await testing.signUp('olga');
    const answer = await testing.request.get('/v1/probe').set('authorization', `Bearer ${token}`).expect(200);
    expect(answer.body.username).toBe('olga');
  });
});

describe('a server whose signup is switched off', () => {
  it('answers 403', async () => {
    const testing = await startTestingApp({ environment: { SIGNUP_ENABLED: 'false' } });
    const answer = await testing.request
      .post('/api/auth/signup')
      .send({ username: 'pia', password: 'a-long-password' });
    await testing.close();
    expect([answer.status, answer.body]).toEqual([403, { detail: 'Signup is disabled' }]);
  });
});

describe('a server with a route that bears no mark', () => {
  it('does not start', async () => {
    await expect(startTestingApp({ modules: [ForgottenModule] })).rejects.toThrow('ForgottenController.open');
  });
});
