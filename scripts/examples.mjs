/**
 * `npm run examples -- <folder of programs>`: runs other people's example programs as they are against a server whose models
 * are an imitation of vLLM's, such as `examples/assistants` of a checkout of openai-node. They are not part of this repository. Ends with the
 * number of programs that failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded } from './support/build.mjs';
import { ROOT } from './support/run.mjs';

const SERVES_AT = /serves at (http:\/\/localhost:\d+\/v1)/;
const LISTENS_ON = /listening on (http:\S+)/;
const MODEL = /model: '([^']+)'/g;
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('usage: npm run examples -- <folder of programs>');
if ((await buildIfNeeded()) !== 0) process.exit(1);
const scratch = await mkdtemp(join(tmpdir(), 'threadmill-examples-'));
const programs = join(scratch, 'programs');
await cp(resolve(given), programs, { recursive: true });
await symlink(join(ROOT, 'node_modules'), join(scratch, 'node_modules'), 'dir');
const names = (await readdir(programs)).filter((name) => name.endsWith('.ts'));
const models = await startProcess(['--import', TSX, 'test/fakes/model-server/main.ts'], LISTENS_ON);
const server = await startServer(models);
let failed = 0;
try {
  for (const name of names) {
    const code = await run(name);
    console.log(`${name}: ${code === 0 ? 'ok' : `FAILED (${code})`}`);
    if (code !== 0) failed += 1;
  }
} finally {
  for (const { child } of [server, models]) {
    child.kill();
    await once(child, 'exit');
  }
  await rm(scratch, { recursive: true, force: true });
}
console.log(`${names.length - failed} ran, ${failed} failed`);
process.exitCode = failed === 0 && names.length > 0 ? 0 : 1;

/** Serves the models that the programs name, each of them by the imitation's. */
async function startServer(models) {
  const texts = await Promise.all(names.map((name) => readFile(join(programs, name), 'utf8')));
  const asked = new Set(texts.flatMap((text) => [...text.matchAll(MODEL)].map(([, model]) => model)));
  const { data } = await (await fetch(`${models.said}/v1/models`)).json();
  const servers = [{ server: 'imitation', model: data[0].id }];
  const catalog = Object.fromEntries([...asked].map((model) => [model, { servers }]));
  const config = join(scratch, 'threadmill.json');
  await writeFile(
    config,
    JSON.stringify({ models: { servers: { imitation: { kind: 'vllm', url: models.said } }, catalog } }),
  );
  return startProcess(['dist/src/main.js'], SERVES_AT, {
    ...{ AUTH_REQUIRED: 'false', THREADMILL_CONFIG: config, DATA_DIR: join(scratch, 'data') },
    ...{ API_PORT: '0', HTTP_SERVER_PORT: '0', LOG_LEVEL: 'warn' },
  });
}

/** A process, and what it said of its address. */
async function startProcess(program, pattern, environment = {}) {
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const part of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += part;
    const said = pattern.exec(text)?.[1];
    if (said === undefined) continue;
    child.stdout.resume();
    return { child, said };
  }
  throw new Error(`${program.join(' ')} did not start:\n${text}`);
}

async function run(name) {
  const child = spawn(process.execPath, ['--import', TSX, join(programs, name)], {
    env: { ...process.env, OPENAI_API_KEY: 'sk-example', OPENAI_BASE_URL: server.said },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 120_000,
  });
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}
