import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** What a test may need that not every machine has. `pgvector` is that of the Postgres server. */
export type Requirement = 'pgvector' | 'bubblewrap' | 'postgres' | 'redis' | 'pandas' | 'chromium' | 'deno' | 'podman';

/** Postgres server of the tests. Suites make databases of their own on it, with unique names, and drop them. */
export const TEST_DATABASE_URL = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Redis server of the tests. Suites use key prefixes of their own. */
export const TEST_REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

/** An engine that speaks Docker's API, on this machine, and the image of deploy/sandbox-image.sh on it. */
export const TEST_DOCKER_SOCKET = process.env.TEST_DOCKER_SOCKET ?? '/run/podman/podman.sock';
export const TEST_DOCKER_IMAGE = 'threadmill-sandbox';

/** Python that the sandbox uses on the machines that Threadmill's image describes; shims of version managers are not it. */
const SYSTEM_PYTHON = '/usr/bin/python3';
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const PROBE_TIMEOUT_MS = 15_000;

/** Undefined when the command ran well; else why not, in one line. */
function whyNotRun(command: string, commandArguments: readonly string[]): string | undefined {
  const result = spawnSync(command, commandArguments, { encoding: 'utf8', timeout: PROBE_TIMEOUT_MS });
  if (result.error !== undefined) return `${command}: ${result.error.message}`;
  if (result.status === 0) return undefined;
  const lastLine = result.stderr.trim().split('\n').at(-1) ?? '';
  return `${command} ended with ${result.status ?? result.signal}: ${lastLine}`;
}

/** Runs a program in a Node process of its own: probing must be synchronous, and sockets are not. */
function whyNotEvaluate(program: string, ...programArguments: readonly string[]): string | undefined {
  return whyNotRun(process.execPath, ['--input-type=module', '-e', program, '--', ...programArguments]);
}

const QUERY_POSTGRES = `
  import pg from 'pg';
  const client = new pg.Client({ connectionString: process.argv[1], connectionTimeoutMillis: 5000 });
  try { await client.connect(); await client.query('select 1'); await client.end(); }
  catch (error) { console.error(error.code ?? error.message); process.exit(1); }
`;

const FIND_PGVECTOR = `
  import pg from 'pg';
  const client = new pg.Client({ connectionString: process.argv[1], connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    const { rowCount } = await client.query("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'");
    if (rowCount === 0) throw new Error('the server has no pgvector');
    await client.end();
  } catch (error) { console.error(error.code ?? error.message); process.exit(1); }
`;

const PING_REDIS = `
  import Redis from 'ioredis';
  const redis = new Redis.Redis(process.argv[1], { lazyConnect: true, retryStrategy: null, connectTimeout: 5000 });
  redis.on('error', () => {});
  try { await redis.connect(); await redis.ping(); redis.disconnect(); }
  catch (error) { console.error(error.code ?? error.message); process.exit(1); }
`;

const ASK_ENGINE = `
  import Docker from 'dockerode';
  const [socketPath, image] = process.argv.slice(1);
  try { await new Docker({ socketPath }).getImage(image).inspect(); }
  catch (error) { console.error(error.code ?? error.message); process.exit(1); }
`;

function whyNoChromium(): string | undefined {
  const runs = CHROMIUM_NAMES.some((name) => whyNotRun(name, ['--version']) === undefined);
  return runs ? undefined : `none of ${CHROMIUM_NAMES.join(', ')} runs`;
}

function whyNoDeno(): string | undefined {
  return whyNotRun(process.execPath, [createRequire(import.meta.url).resolve('deno/bin.cjs'), '--version']);
}

/** Each probe really uses the thing, because an installed thing may still be refused by the kernel or a policy. */
const PROBES: Record<Requirement, () => string | undefined> = {
  bubblewrap: () => whyNotRun('bwrap', ['--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', '/bin/true']),
  postgres: () => whyNotEvaluate(QUERY_POSTGRES, TEST_DATABASE_URL),
  pgvector: () => whyNotEvaluate(FIND_PGVECTOR, TEST_DATABASE_URL),
  redis: () => whyNotEvaluate(PING_REDIS, TEST_REDIS_URL),
  pandas: () => whyNotRun(SYSTEM_PYTHON, ['-c', 'import pandas']),
  chromium: whyNoChromium,
  deno: whyNoDeno,
  podman: () => whyNotEvaluate(ASK_ENGINE, TEST_DOCKER_SOCKET, TEST_DOCKER_IMAGE),
};

/** What no script of ours can install everywhere: Debian's pgvector is too old, and compiling it needs its sources. */
const NOWHERE_INSTALLED: ReadonlySet<Requirement> = new Set(['pgvector']);

const reasons = new Map<Requirement, string | undefined>();

/** Why this machine lacks the requirement, or undefined when it has it. Probed once in each test file. */
export function whyMissing(requirement: Requirement): string | undefined {
  if (!reasons.has(requirement)) reasons.set(requirement, PROBES[requirement]());
  return reasons.get(requirement);
}

/**
 * A `describe` whose tests need something of the machine. Where it is missing the tests are skipped and the reason is
 * printed; with REQUIRE_ALL=1, as in CI, its absence is a failure. What CI could not install is said to be untested there.
 */
export function describeWith(requirement: Requirement, title: string, body: () => void): void {
  const reason = whyMissing(requirement);
  if (reason === undefined) {
    describe(title, body);
    return;
  }
  if (process.env.REQUIRE_ALL === '1') {
    if (NOWHERE_INSTALLED.has(requirement)) sayUntested(requirement, title, reason);
    else failFor(requirement, title, reason);
    return;
  }
  process.stderr.write(`Skipped "${title}": ${requirement} is missing (${reason})\n`);
  describe.skip(title, body);
}

function sayUntested(requirement: Requirement, title: string, reason: string): void {
  process.stderr.write(`Untested here: "${title}": ${requirement} is missing (${reason})\n`);
}

function failFor(requirement: Requirement, title: string, reason: string): void {
  describe(title, () => {
    it(`has ${requirement}`, () => {
      throw new Error(`REQUIRE_ALL=1, but ${requirement} is missing: ${reason}`);
    });
  });
}
