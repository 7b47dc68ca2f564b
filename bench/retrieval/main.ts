/**
 * `npm run bench -- retrieval --data FOLDER [--quick | --medium] [--json FILE]`: how much of the answers searches show,
 * how fast documents come in, and how long a search takes. FOLDER holds the corpora: see bench/README.md.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCorpora } from './corpora.js';
import { measureRecall, measureSpeed } from './measure.js';

import { FULL, MEDIUM, QUICK } from './plan.js';
import { measureWire } from './wire.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/retrieval' },
    quick: { type: 'boolean', default: false },
    medium: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const plan = values.quick ? QUICK : values.medium ? MEDIUM : FULL;
const progress = (text: string): void => console.error(text);

const root = await mkdtemp(join(tmpdir(), 'threadmill-bench-retrieval-'));
try {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const corpora = await readCorpora(values.data);
  progress('recall');
  const recall = await measureRecall(corpora, plan, root);
  progress('over the wire');
  const wire = await measureWire(corpora, plan);
  const figures = [...recall, ...wire, ...(await measureSpeed(corpora, plan, root, progress))];
  console.log(`Node ${process.version}, ${availableParallelism()} processors, load average before: ${load}\n`);
  console.log('| figure | value |\n|---|---|');
  for (const { name, unit, value } of figures) {
    console.log(`| ${name} | ${value.toFixed(unit === '' ? 4 : 2)} ${unit} |`);
  }
  if (values.quick) console.log('\nA quick run shows that the benchmark works. Its figures mean nothing.');
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ plan, figures }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(root, { recursive: true, force: true });
}
