/**
 * `npm run bench -- NAME [options]`: runs bench/NAME/main.ts. Builds first, so that what is measured is what is served;
 * with `--quick`, which measures nothing that counts, a stale build is passed over for the source.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfNeeded } from '../scripts/support/build.mjs';
import { ROOT, runNode } from '../scripts/support/run.mjs';

const programOf = (name) => join(ROOT, 'bench', name, 'main.ts');
const names = readdirSync(join(ROOT, 'bench')).filter((name) => existsSync(programOf(name)));
const [name, ...options] = process.argv.slice(2);

if (!names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [--quick] [--json FILE]\nBenchmarks: ${names.join(', ')}`);
  process.exitCode = 1;
} else {
  const buildCode = options.includes('--quick') ? 0 : await buildIfNeeded();
  const program = ['--import', '@swc-node/register/esm-register', programOf(name), ...options];
  process.exitCode = buildCode === 0 ? await runNode(program) : buildCode;
}
