/**
 * `npm run bench -- ingestion [--quick] [--json FILE]`: how long a batch of 2,000 files takes on a running server, and
 * whether runs are starved meanwhile.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { LocalServer } from '../../scripts/demo/local-server.js';
import { isBuildFresh } from '../../scripts/support/build.mjs';
import { HelperProcess } from '../support/helper-process.js';
import { measure } from './measure.js';
import { FULL, QUICK } from './plan.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = ['--import', '@swc-node/register/esm-register', join(ROOT, 'src/main.ts')];
const BUILD = [join(ROOT, 'dist/src/main.js')];

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const plan = values.quick ? QUICK : FULL;
const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-bench-ingestion-'));
const load = (loadavg()[0] ?? 0).toFixed(1);
const models = await HelperProcess.start(join(ROOT, 'bench/ingestion/model-server.mjs'));
try {
  const server = await LocalServer.start({
    program: (await isBuildFresh()) ? BUILD : SOURCE,
    dataDir,
    environment: { VLLM_HOST: models.origin, SANDBOX_PROVIDER: 'none', NODE_ENV: 'production' },
  });
  process.on('exit', () => server.kill());
  try {
    const figures = await measure(server, plan, (text) => console.error(text));
    console.log(`Node ${process.version}, ${availableParallelism()} processors, load average before: ${load}\n`);
    console.log('| figure | value |\n|---|---|');
    for (const { name, unit, value } of figures) console.log(`| ${name} | ${value.toFixed(2)} ${unit} |`);
    if (values.quick) console.log('\nA quick run shows that the benchmark works. Its figures mean nothing.');
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ plan, figures }));
  } finally {
    await server.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  models.stop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
}
