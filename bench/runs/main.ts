/**
 * `npm run bench -- runs [--quick] [--json FILE]`: what a run costs, on Postgres with Redis and on embedded defaults, and
 * what a token and a turn with tools cost.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { figuresOf, renderFigures } from './figures.js';
import { measure } from './measure.js';
import { startTargets } from './places.js';
import { FULL, QUICK } from './plan.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const plan = values.quick ? QUICK : FULL;
const load = (loadavg()[0] ?? 0).toFixed(1);
const targets = await startTargets();
try {
  const figures = figuresOf(await measure(targets, plan, (text) => console.error(text)));
  console.log(`Node ${process.version}, ${availableParallelism()} processors, load average before: ${load}\n`);
  console.log(renderFigures(figures));
  if (targets.missing !== undefined) console.log(`\nOnly embedded defaults were measured: ${targets.missing}`);
  if (values.quick) console.log('\nA quick run shows that the benchmark works. Its figures mean nothing.');
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ plan, figures }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await targets.stop();
}
