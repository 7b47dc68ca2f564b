import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './run.mjs';

/** A step that hangs must not eat the time of the report. */
const STEP_TIMEOUT_MS = 5 * 60_000;
const TESTS_TIMEOUT_MS = 40 * 60_000;

/** Runs one command with its output shown and no input. Gives whether it succeeded; one that hangs is killed. */
export function runStep(title, command, timeoutMs = STEP_TIMEOUT_MS) {
  console.log(`\n=== ${title}`);
  return runCommand(title, command, timeoutMs, 'inherit');
}

/** As `runStep`, but the output is shown when all of it is there, so that several can run at once. */
export async function runQuietStep(title, command) {
  const output = [];
  const succeeded = await runCommand(title, command, STEP_TIMEOUT_MS, 'pipe', (part) => output.push(part));
  console.log(`\n=== ${title}\n${Buffer.concat(output).toString()}`);
  return succeeded;
}

function runCommand(title, [program, ...programArguments], timeoutMs, output, collect) {
  return new Promise((resolve) => {
    const child = spawn(program, programArguments, {
      cwd: ROOT,
      stdio: ['ignore', output, output],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', collect);
    const killGroup = () => endGroup(child.pid);
    const timer = setTimeout(() => {
      console.error(`${title} did not end within ${timeoutMs / 1000} seconds.`);
      killGroup();
    }, timeoutMs);
    const finish = (succeeded) => {
      clearTimeout(timer);
      process.off('exit', killGroup);
      killGroup();
      resolve(succeeded);
    };
    process.on('exit', killGroup);
    child.on('error', (error) => {
      console.error(error.message);
      finish(false);
    });
    let isGood = false;
    child.on('exit', (code) => {
      isGood = code === 0;
      // What it left running would hold its output open.
      killGroup();
    });
    child.on('close', () => finish(isGood));
  });
}

/** Ends whatever is left of a step's processes. */
function endGroup(leader) {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}

/** Runs all tests and counts them. A suite that could not start, and a run without a report, count as failed. */
export async function runTests() {
  const folder = await mkdtemp(join(tmpdir(), 'threadmill-verify-'));
  const reportPath = join(folder, 'jest.json');
  try {
    const command = ['npm', 'test', '--silent', '--', '--json', `--outputFile=${reportPath}`];
    const succeeded = await runStep('test', command, TESTS_TIMEOUT_MS);
    return { title: 'test', ...countTests(await readFile(reportPath, 'utf8').catch(() => undefined), succeeded) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countTests(text, succeeded) {
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0, failures: ['The test run left no report.'] };
  const report = JSON.parse(text);
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(failuresOf),
  };
}

/** One line for each failed test of a suite, or for the suite itself if it could not run. */
function failuresOf({ name, status, assertionResults, message }) {
  const suite = relative(ROOT, name);
  const failed = assertionResults.filter((result) => result.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${suite}: ${firstLine(message)}`] : [];
  return failed.map((result) => `${suite}: ${result.fullName}: ${firstLine(result.failureMessages[0])}`);
}

function firstLine(text = '') {
  return stripVTControlCharacters(text.split('\n', 1)[0]).slice(0, 300);
}
