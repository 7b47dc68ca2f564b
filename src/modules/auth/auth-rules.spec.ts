import { maskToken, readBearerToken } from './bearer-token.js';
import { ConcurrencyGate, GateFullError } from './concurrency-gate.js';
import { LoginLimiter } from './login-limiter.js';
import { PrincipalCache } from './principal-cache.js';
import { scopesOf } from './role-scopes.js';
import { USERNAME, usernameKey } from './username.js';
import type { Principal } from '../../common/principal.js';

describe('scopesOf', () => {
  it('gives a viewer what only reads', () => {
    expect([...scopesOf('viewer', false)].sort()).toEqual([
      'assistants:read',
      'chat:read',
      'files:read',
      'models:read',
      'threads:read',
      'vector-stores:read',
    ]);
  });

  it.each(['owner', 'member'] as const)('gives a %s everything but admin', (role) => {
    const scopes = scopesOf(role, false);
    expect(scopes.has('files:write') && scopes.has('chat:write') && scopes.has('threads:write')).toBe(true);
    expect(scopes.has('admin')).toBe(false);
  });

  it('gives administrators admin, whatever their role', () => {
    expect(scopesOf('viewer', true).has('admin')).toBe(true);
    expect(scopesOf('viewer', true).has('files:write')).toBe(false);
  });

  it('never gives more than the role, however wide the credential', () => {
    expect([...scopesOf('viewer', false, new Set(['files:read', 'files:write', 'admin']))]).toEqual(['files:read']);
  });
});

describe('readBearerToken', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Basic abc', undefined],
    ['Bearerabc', undefined],
    ['Bearer a b', undefined],
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
  ])('reads %j as %j', (header, token) => expect(readBearerToken(header)).toBe(token));
});

describe('maskToken', () => {
  it.each([
    ['sk-abcdefghijklmnopcd', 'sk-ab***cd'],
    ['short-key', '***'],
    ['ünicode-keys-ü', '?nico***-?'],
  ])('shows %j as %j', (token, shown) => expect(maskToken(token)).toBe(shown));
});

describe('usernames', () => {
  it.each([['ann'], ['Ann.Lee'], ['a@b.c'], ['Жанна'], ['名前前'], ['x'.repeat(50)]])('takes %j', (name) =>
    expect(USERNAME.test(name)).toBe(true),
  );
  it.each([[''], ['ab'], ['x'.repeat(51)], ['a b c'], ['abc\n'], ['a\u202eb'], ['a\0b'], ['a\u200bb'], ['a/b']])(
    'refuses %j',
    (name) => expect(USERNAME.test(name)).toBe(false),
  );
  it.each([
    ['Ann', 'ann'],
    ['ＡＮＮ', 'ann'],
    ['e\u0301va', '\u00e9va'],
  ])('takes %j and %j for one', (one, other) => expect(usernameKey(one)).toBe(usernameKey(other)));
});

describe('LoginLimiter', () => {
  it('opens again after its window, and at once after a success', () => {
    let now = 0;
    const limiter = new LoginLimiter({ now: () => now });
    for (let attempt = 0; attempt < 10; attempt += 1) expect(limiter.begin('key')).toBeUndefined();
    expect(limiter.begin('key')).toBe(300);
    expect(limiter.begin('other')).toBeUndefined();
    now = 299_001;
    expect(limiter.begin('key')).toBe(1);
    now = 300_000;
    expect(limiter.begin('key')).toBeUndefined();
    limiter.succeed('key');
    for (let attempt = 0; attempt < 10; attempt += 1) expect(limiter.begin('key')).toBeUndefined();
  });

  it('forgets the oldest of very many keys', () => {
    const limiter = new LoginLimiter({ now: () => 0 });
    for (let attempt = 0; attempt < 11; attempt += 1) limiter.begin('first');
    expect(limiter.begin('first')).toBeDefined();
    for (let key = 0; key < 10_000; key += 1) limiter.begin(String(key));
    expect(limiter.begin('first')).toBeUndefined();
  });
});

describe('PrincipalCache', () => {
  const principal = { userId: 'user_a' } as Principal;

  it('forgets after five seconds', () => {
    let now = 0;
    const cache = new PrincipalCache({ now: () => now });
    cache.set('key', principal);
    now = 4999;
    expect(cache.get('key')).toBe(principal);
    now = 5000;
    expect(cache.get('key')).toBeUndefined();
  });

  it('keeps no more than ten thousand', () => {
    const cache = new PrincipalCache({ now: () => 0 });
    for (let key = 0; key <= 10_000; key += 1) cache.set(String(key), principal);
    expect(cache.get('0')).toBeUndefined();
    expect(cache.get('1')).toBe(principal);
  });
});

describe('ConcurrencyGate', () => {
  it('runs no more at once than it is wide, queues up to its depth, and frees places after failures', async () => {
    const gate = new ConcurrencyGate(2, 2);
    let running = 0;
    let most = 0;
    const releases: (() => void)[] = [];
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => releases.push(resolve));
      running -= 1;
      throw new Error('failed');
    };
    const outcomes = Array.from({ length: 5 }, () => gate.run(work).catch((error: unknown) => error));
    await expect(outcomes[4]).resolves.toBeInstanceOf(GateFullError);
    for (let turn = 0; turn < 4; turn += 1) {
      while (releases.length === 0) await new Promise((resolve) => setImmediate(resolve));
      releases.shift()?.();
    }
    for (const outcome of outcomes.slice(0, 4)) await expect(outcome).resolves.toThrow('failed');
    expect(most).toBe(2);
    await expect(gate.run(() => Promise.resolve('free'))).resolves.toBe('free');
  });
});
