import { isAbsolute } from 'node:path';
import { ConfigError, loadConfig, renderVariablesTable } from './index.js';
import { VARIABLES } from './variables.js';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('what is read', () => {
  test('nothing set is usable, frozen, and has an absolute folder', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ API_HOST: '127.0.0.1', API_PORT: 8200, ROLE: 'all', AUTH_REQUIRED: true });
    expect(isAbsolute(config.DATA_DIR)).toBe(true);
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('an empty variable counts as absent', () => {
    const empty = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, '']));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  test('overrides win over the environment', () => {
    expect(loadConfig({ API_PORT: '1' }, { API_PORT: '2' }).API_PORT).toBe(2);
  });

  test.each([
    ['API_PORT', '0', 0],
    ['DEFAULT_TEMPERATURE', '0', 0],
    ['DEFAULT_TEMPERATURE', '1.5', 1.5],
    ['SIGNUP_ENABLED', 'No', false],
    ['SIGNUP_ENABLED', '1', true],
    ['VLLM_HOST', 'http://localhost:8000//', 'http://localhost:8000'],
    ['DATABASE_URL', 'postgres://u:p@h/db', 'postgres://u:p@h/db'],
    ['DATA_DIR', '/x/y', '/x/y'],
    ['LOG_LEVEL', 'silent', 'silent'],
    ['SANDBOX_REMOTE_URLS', 'http://a:1/, https://b,', ['http://a:1', 'https://b']],
  ] as const)('%s=%s is %j', (name, text, value) => {
    expect(loadConfig({ [name]: text })[name]).toEqual(value);
  });
});

describe('what is refused', () => {
  test.each([
    ['API_PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['API_PORT', '-1', 'must be a whole number'],
    ['API_PORT', '80a', 'must be a whole number'],
    ['API_PORT', '8e3', 'must be a whole number'],
    ['API_PORT', ' ', 'must be a whole number'],
    ['DEFAULT_TEMPERATURE', '3', 'must be a number from 0 to 2'],
    ['DEFAULT_TEMPERATURE', ' ', 'must be a number'],
    ['DEFAULT_TEMPERATURE', 'NaN', 'must be a number'],
    ['AUTH_REQUIRED', 'maybe', 'must be true or false'],
    ['ROLE', 'boss', 'must be one of all, api, worker, sandbox'],
    ['VLLM_HOST', 'localhost:8000', 'must be a URL'],
    ['VLLM_HOST', 'ftp://x', 'must be a URL that starts with http:// or https://'],
    ['REDIS_URL', 'http://x', 'must be a URL that starts with redis:// or rediss://'],
  ])('%s=%j %s', (name, text, problem) => {
    expect(problemsOf({ [name]: text })).toEqual([expect.stringMatching(new RegExp(`^${name} ${problem}`))]);
  });

  test('all problems are told at once', () => {
    expect(problemsOf({ API_PORT: 'x', ROLE: 'x', LOG_LEVEL: 'x' })).toHaveLength(3);
  });

  test.each([
    [{ ROLE: 'worker' }, 'ROLE=worker needs DATABASE_URL and REDIS_URL'],
    [{ ROLE: 'api', REDIS_URL: 'redis://x' }, 'ROLE=api needs DATABASE_URL and REDIS_URL'],
    [{ AUTH_REQUIRED: 'false', API_HOST: '0.0.0.0' }, 'AUTH_REQUIRED=false is refused on API_HOST=0.0.0.0'],
    [{ JWT_SECRET_KEY: 'x'.repeat(31) }, 'JWT_SECRET_KEY must have at least 32 characters.'],
    [{ DEFAULT_ADMIN_PASSWORD: 'short' }, 'DEFAULT_ADMIN_PASSWORD must have at least 8 characters.'],
    [{ ROLE: 'sandbox' }, 'SANDBOX_REMOTE_TOKEN must have at least 32 characters.'],
    [{ SANDBOX_PROVIDER: 'remote', SANDBOX_REMOTE_TOKEN: 'x'.repeat(32) }, 'needs SANDBOX_REMOTE_URLS.'],
    [{ SANDBOX_PROVIDER: 'remote', SANDBOX_REMOTE_URLS: 'http://x' }, 'SANDBOX_REMOTE_TOKEN must have'],
    [{ ROLE: 'sandbox', SANDBOX_PROVIDER: 'remote', SANDBOX_REMOTE_TOKEN: 'x'.repeat(32) }, 'of its own machine'],
    [{ LLM_BACKEND: 'vllm' }, 'LLM_BACKEND=vllm needs VLLM_HOST.'],
    [{ LLM_BACKEND: 'openai' }, 'LLM_BACKEND=openai needs OPENAI_BASE_URL.'],
  ])('%j', (env, problem) => {
    expect(problemsOf(env as Record<string, string>)).toEqual([expect.stringContaining(problem)]);
  });

  test.each<Record<string, string>>([
    { ROLE: 'worker', REDIS_URL: 'redis://x', DATABASE_URL: 'postgres://x' },
    { AUTH_REQUIRED: 'false' },
    { ROLE: 'sandbox', SANDBOX_REMOTE_TOKEN: 'x'.repeat(32) },
    { SANDBOX_PROVIDER: 'remote', SANDBOX_REMOTE_URLS: 'http://x', SANDBOX_REMOTE_TOKEN: 'x'.repeat(32) },
    { AUTH_REQUIRED: 'false', API_HOST: 'localhost' },
    { AUTH_REQUIRED: 'false', API_HOST: '0.0.0.0', AUTH_DISABLED_ON_NETWORK: 'true' },
    { LLM_BACKEND: 'vllm', VLLM_HOST: 'http://x' },
    { LLM_BACKEND: 'demo' },
  ])('%j goes together', (env) => {
    expect(problemsOf(env)).toEqual([]);
  });

  test('no secret is told', () => {
    const secrets = Object.entries(VARIABLES).filter(([, variable]) => variable.secret);
    expect(secrets.length).toBeGreaterThan(3);
    for (const [name] of secrets) expect(problemsOf({ [name]: 's3cr' }).join()).not.toContain('s3cr');
  });
});

test("the table tells every variable once, and no secret's default", () => {
  const rows = renderVariablesTable().split('\n').slice(2);
  expect(rows.map((row) => /^\| `(\w+)`/.exec(row)?.[1])).toEqual(Object.keys(VARIABLES));
  for (const row of rows) expect(row.split(' | ')).toHaveLength(4);
});
