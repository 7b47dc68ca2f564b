/**
 * `npm run verify`: everything that CI runs once the dependencies are installed. Every step runs, also after a failed
 * one, so that the report is whole. The last line counts all tests, and each further check as one.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runQuietStep, runStep, runTests } from './support/steps.mjs';
import { ROOT } from './support/run.mjs';

/** Goes first: suites that start servers take what was built, which starts three times as fast as the sources. */
const BUILD = toCheck('build');

const CHECKS = ['lint', 'format:check', 'types', 'arch', 'openapi:check', 'migration:check', 'docs:config:check'].map(
  toCheck,
);

const WEB_CHECKS = [
  { title: 'web install', command: ['npm', '--prefix', 'web', 'ci'] },
  { title: 'web build', command: ['npm', '--prefix', 'web', 'run', 'build'] },
];

// Steps are process groups of their own, which a Ctrl-C does not reach; leaving ends them.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const results = [await runCheck(BUILD), await runTests(), ...(await runChecks(CHECKS))];
for (const check of existsSync(join(ROOT, 'web/package.json')) ? WEB_CHECKS : []) {
  results.push(await runCheck(check));
}

const total = (key) => results.reduce((sum, result) => sum + result[key], 0);

console.log('\n=== summary');
for (const { title, passed, failed, skipped, failures = [] } of results) {
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'} ${title}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  for (const failure of failures) console.log(`       ${failure}`);
}
console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
process.exitCode = total('failed') === 0 ? 0 : 1;

function toCheck(script) {
  return { title: script, command: ['npm', 'run', '--silent', script] };
}

/** Each keeps one processor busy. Their results come in their own order, whichever ends first. */
async function runChecks(checks) {
  const results = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < checks.length; index = next++) {
      results[index] = await runCheck(checks[index], runQuietStep);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

async function runCheck({ title, command }, run = runStep) {
  const passed = await run(title, command);
  return { title, passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}
