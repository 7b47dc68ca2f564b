/**
 * `npm run bench -- chat [--quick] [--json FILE]`: what the product adds to a chat completion that it passes on,
 * beside a bare pipe of Node's and, where npm can install it, Portkey's gateway. Exits 0 when no request failed, whatever the figures are.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { CAN_MEASURE_PROCESSES } from '../support/process-usage.js';
import { figuresOf, renderFigures } from './figures.js';
import { measure } from './measure.js';
import { PORTKEY_VERSION } from './portkey-install.js';
import { FULL, QUICK } from './plan.js';
import { startTargets } from './targets.js';

/** It ends by itself, also where something hangs. */
const LONGEST_RUN_MS = 10 * 60_000;
const MOST_FAILURES_SHOWN = 5;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const plan = values.quick ? QUICK : FULL;

setTimeout(() => {
  console.error(`The benchmark did not end within ${LONGEST_RUN_MS / 1000} seconds.`);
  process.exit(1);
}, LONGEST_RUN_MS).unref();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const targets = await startTargets();
try {
  const { rounds, requests, failures } = await measure(plan, targets, (text) => console.error(text));
  const figures = figuresOf(rounds);
  const { concurrency, paced } = plan;
  console.log(`Node ${process.version}, ${availableParallelism()} processors, medians of ${plan.rounds} rounds;`);
  console.log(`many at once: ${concurrency}, paced streams: ${paced} at once, 64 tokens every 20 ms.\n`);
  console.log(renderFigures(figures));
  console.log(`\n${noteOnPortkey(targets.portkeyMissing)}`);
  if (!CAN_MEASURE_PROCESSES) console.log('\nProcessor time and memory are measured on Linux only.');
  if (values.quick) console.log('\nA quick run shows that the benchmark works. Its figures mean nothing.');
  console.log(`\n${requests} requests, ${failures.length} failed.`);
  for (const failure of failures.slice(0, MOST_FAILURES_SHOWN)) console.log(`  ${failure}`);
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ plan, requests, failures, figures }));
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await targets.stop();
}

function noteOnPortkey(missing: string | undefined): string {
  if (missing !== undefined) return `Portkey's gateway is not beside us: ${missing}`;
  return `Portkey's gateway ${PORTKEY_VERSION} waits 25 ms before each stream by design: its first token is no measure.`;
}
