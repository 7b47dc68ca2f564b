/**
 * `npm run bench -- sandbox [--quick] [--json FILE]`: how long a conversation waits for its first result, cold and from
 * the warm pool, and what a kernel that waits costs. Needs bubblewrap. Exits 0 when all of it ran, whatever the figures
 * are.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { figuresOf, renderFigures } from './figures.js';
import { measure } from './measure.js';
import { FULL, QUICK } from './plan.js';

/** It ends by itself, also where something hangs. */
const LONGEST_RUN_MS = 10 * 60_000;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const plan = values.quick ? QUICK : FULL;

setTimeout(() => {
  console.error(`The benchmark did not end within ${LONGEST_RUN_MS / 1000} seconds.`);
  process.exit(1);
}, LONGEST_RUN_MS).unref();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const root = await mkdtemp(join(tmpdir(), 'threadmill-bench-sandbox-'));
try {
  const loadBefore = loadavg()[0] ?? 0;
  const measurement = await measure(plan, root, (text) => console.error(text));
  const figures = figuresOf(measurement);
  const load = `load average before: ${loadBefore.toFixed(1)}`;
  console.log(`Node ${process.version}, ${availableParallelism()} processors, ${load}; medians of ${plan.samples}.\n`);
  console.log(renderFigures(figures));
  if (!measurement.modules.includes('pandas')) console.log('\nThere is no pandas here: its cells were not measured.');
  if (values.quick) console.log('\nA quick run shows that the benchmark works. Its figures mean nothing.');
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ plan, figures }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(root, { recursive: true, force: true });
}
