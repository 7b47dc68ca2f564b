/**
 * `npm run demo [-- --out FOLDER]`: a fresh server on embedded defaults with the demo model, and the main job through
 * the official `openai` package. Exits 0 when the assistant's numbers are right and its files are saved.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import OpenAI from 'openai';
import { analyse, QUESTION, type Analysis } from './analysis.js';
import { DemoError } from './demo-error.js';
import { LocalServer } from './local-server.js';
import { figuresOf, findDifferences, readSummary, renderFigures, type RegionFigures } from './numbers.js';
import { makeSales, toCsv } from './sample-data.js';
import { Transcript, type Entry } from './transcript.js';

const SEED = 2026;
const ROWS = 1000;
const PROGRAM = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const REQUEST_TIMEOUT_MS = 180_000;
/** What the server calls its sandbox while it tries which ones work. */
const STILL_CHOOSING = 'choosing';
const PROBE_TIMEOUT_MS = 90_000;
const PROBE_POLL_MS = 100;
const SHOWN = { lines: 12, width: 110 };
const WHOLE = { lines: Infinity, width: Infinity };

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const output = values.out === undefined ? await mkdtemp(join(tmpdir(), 'threadmill-demo-')) : resolve(values.out);
  await mkdir(output, { recursive: true });
  const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-data-'));
  try {
    await demonstrate(output, dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function demonstrate(output: string, dataDir: string): Promise<void> {
  const startedAt = performance.now();
  say('Starting Threadmill with nothing configured: embedded database, jobs in the process, demo model.');
  const server = await LocalServer.start({ program: [PROGRAM], dataDir, environment: { LLM_BACKEND: 'demo' } });
  const stopOn = (signal: NodeJS.Signals): void => {
    void server.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stopOn).once('SIGTERM', stopOn);
  try {
    say(`It serves at ${server.url} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
    say(`Python runs in: ${await sandboxOf(server)}.`);
    await doTheJob(server, output);
  } catch (error) {
    if (server.complaints !== '') process.stderr.write(`\nThe server's log:\n${server.complaints}\n`);
    throw error;
  } finally {
    await server.stop();
  }
}

interface SandboxState {
  status: 'ok' | 'down';
  provider?: string;
  reason?: string;
}

/** The sandbox that the server has chosen. Throws a DemoError where no code can run. */
async function sandboxOf(server: LocalServer): Promise<string> {
  const deadline = Date.now() + PROBE_TIMEOUT_MS;
  let state = await askForSandbox(server);
  while (state.provider === STILL_CHOOSING && Date.now() < deadline) {
    await setTimeout(PROBE_POLL_MS);
    state = await askForSandbox(server);
  }
  const { status, provider = 'unknown', reason = 'no reason was given' } = state;
  if (status !== 'ok') throw new DemoError(`No Python can run on this machine: ${reason}`);
  return provider;
}

async function askForSandbox(server: LocalServer): Promise<SandboxState> {
  const answer = await fetch(`${server.url}/health`);
  const { parts } = (await answer.json()) as { parts: { sandbox: SandboxState } };
  return parts.sandbox;
}

async function doTheJob(server: LocalServer, output: string): Promise<void> {
  const token = await server.signUp('demo', 'demo-password');
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: token, timeout: REQUEST_TIMEOUT_MS, maxRetries: 0 });
  const sales = makeSales(SEED, ROWS);
  const csvPath = join(output, 'sales.csv');
  await writeFile(csvPath, toCsv(sales));
  say(`\nSample: ${csvPath}, ${ROWS} sales made from seed ${SEED}.`);
  say(`\n--- You ask\n${QUESTION}`);
  const recording = new Recording();
  const analysis = await analyse(client, csvPath, output, (entry) => process.stdout.write(recording.add(entry)));
  process.stdout.write(recording.end());
  const transcriptPath = join(output, 'transcript.txt');
  await writeFile(transcriptPath, recording.whole);
  await report(figuresOf(sales), analysis, transcriptPath);
}

/** Throws a DemoError where the numbers are not those that this script computed, or a file is missing. */
async function report(expected: readonly RegionFigures[], analysis: Analysis, transcriptPath: string): Promise<void> {
  const ending = (text: string): string => {
    const path = analysis.savedFiles.find((each) => each.endsWith(text));
    if (path === undefined) throw new DemoError(`The assistant gave no ${text} file.`);
    return path;
  };
  const [chart, summary] = [ending('.png'), ending('.csv')];
  const found = readSummary(await readFile(summary, 'utf8'));
  say(`\n--- The numbers, and the same computed by this script\n${renderFigures(expected, found)}`);
  const total = expected.reduce((sum, { units }) => sum + units, 0);
  const differences = findDifferences(expected, found);
  if (!analysis.answer.includes(`total ${total})`)) differences.push(`The answer does not name the total of ${total}.`);
  if (differences.length > 0) throw new DemoError(`The numbers are wrong. ${differences.join(' ')}`);
  say(`They agree, and the answer names the right total: ${total}.\n`);
  say(`Chart:      ${chart}\nSummary:    ${summary}\nTranscript: ${transcriptPath}`);
}

/** Shows the transcript cut to what a terminal bears, and keeps the whole. */
class Recording {
  whole = '';
  private readonly shown = new Transcript(SHOWN);
  private readonly kept = new Transcript(WHOLE);

  add(entry: Entry): string {
    this.whole += this.kept.add(entry);
    return this.shown.add(entry);
  }

  end(): string {
    this.whole += this.kept.end();
    return this.shown.end();
  }
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\nThe demo failed: ${message}\n`);
  process.exitCode = 1;
}
