import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { LocalServer } from '../../scripts/demo/local-server.js';
import { isBuildFresh } from '../../scripts/support/build.mjs';
import { SERVER_FLAGS } from '../../scripts/support/server-flags.mjs';
import { HelperProcess } from '../support/helper-process.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DATABASES = process.env['BENCH_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const REDIS = process.env['BENCH_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

export type ServerName = 'server' | 'embedded' | 'bare';

/** Something that runs a thread. */
export interface Target {
  origin: string;
  /** Whose processor time counts, with that of their children. */
  pids: number[];
  /** A user's token; the yardstick does not look at it. */
  token: string;
}

export interface Targets {
  model: HelperProcess;
  all: Partial<Record<ServerName, Target>>;
  /** Why those on Postgres and Redis are missing. */
  missing?: string;
  stop(): Promise<void>;
}

/** The product on embedded defaults and on Postgres with Redis, the yardstick, and a model server for all of them. */
export async function startTargets(): Promise<Targets> {
  const ends: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const model = await HelperProcess.start(fileURLToPath(new URL('./model-server.mjs', import.meta.url)));
    ends.push(() => model.stop());
    const embedded = await startProduct(model, ends);
    const problem = await problemOfServers();
    if (problem !== undefined) return { model, all: { embedded }, missing: problem, stop };
    const database = await scratchDatabase(ends);
    const prefix = `bench-${randomBytes(4).toString('hex')}`;
    const shared = { DATABASE_URL: database, REDIS_URL: REDIS, REDIS_PREFIX: prefix, JWT_SECRET_KEY: 'b'.repeat(32) };
    const server = await startProduct(model, ends, shared);
    const bareArguments = [String(model.port), await scratchDatabase(ends)];
    const bare = await HelperProcess.start(fileURLToPath(new URL('./bare-server.mjs', import.meta.url)), bareArguments);
    ends.push(() => bare.stop());
    return { model, all: { server, embedded, bare: { origin: bare.origin, pids: [bare.pid], token: '' } }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One process on embedded defaults; with a database and Redis one for the API and one for the work. */
async function startProduct(
  model: HelperProcess,
  ends: (() => unknown)[],
  shared?: Record<string, string>,
): Promise<Target> {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-bench-runs-'));
  ends.push(() => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }));
  const isFresh = await isBuildFresh();
  const source = ['--import', '@swc-node/register/esm-register', join(ROOT, 'src/main.ts')];
  const program = [...SERVER_FLAGS, ...(isFresh ? [join(ROOT, 'dist/src/main.js')] : source)];
  const common = {
    VLLM_HOST: model.origin,
    SANDBOX_PROVIDER: 'none',
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    ...shared,
  };
  const role: Record<string, string> = shared ? { ROLE: 'api' } : {};
  const server = await LocalServer.start({ program, dataDir, environment: { ...common, ...role } });
  ends.push(() => server.stop());
  process.on('exit', () => server.kill());
  const pids = [server.pid];
  if (shared) pids.push(startWorker(program, { ...common, DATA_DIR: dataDir }, ends));
  return { origin: server.url, pids, token: await server.signUp('bench', 'bench-password') };
}

/** It needs no waiting for: runs wait for it. */
function startWorker(program: string[], environment: Record<string, string>, ends: (() => unknown)[]): number {
  const { PATH = '', HOME = '' } = process.env;
  const worker = spawn(process.execPath, program, {
    env: { PATH, HOME, HTTP_SERVER_PORT: '0', ...environment, ROLE: 'worker' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ends.push(() => worker.kill('SIGKILL'));
  process.on('exit', () => worker.kill('SIGKILL'));
  return worker.pid ?? 0;
}

async function problemOfServers(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: DATABASES });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    return `no Postgres at BENCH_DATABASE_URL: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A new database; its URL. */
async function scratchDatabase(ends: (() => unknown)[]): Promise<string> {
  const name = `threadmill_bench_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  ends.push(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`));
  const url = new URL(DATABASES);
  url.pathname = `/${name}`;
  return url.toString();
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASES });
  await client.connect();
  await client.query(sql);
  await client.end();
}
