import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CAN_MEASURE_PROCESSES } from '../support/process-usage.js';
import type { Figure } from './figures.js';

const RUN_TIMEOUT_MS = 120_000;

interface Result {
  requests: number;
  failures: string[];
  figures: Figure[];
}

describe('npm run bench -- chat --quick', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-bench-spec-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'measures every figure without a failed request',
    async () => {
      const path = join(folder, 'figures.json');
      const command = ['bench/run.mjs', 'chat', '--quick', '--json', path];
      const { stdout } = await promisify(execFile)(process.execPath, command, {
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const { requests, failures, figures } = JSON.parse(await readFile(path, 'utf8')) as Result;
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(500);
      expect(stdout).toContain(`${requests} requests, 0 failed.`);
      expect(figures).toHaveLength(9);
      const measurable = CAN_MEASURE_PROCESSES
        ? figures
        : figures.filter(({ unit }) => unit === 'ms' || unit === '1/s');
      const missing = measurable.filter(({ pipe, threadmill }) => !isNumber(pipe) || !isNumber(threadmill));
      expect(missing.map(({ name }) => name)).toEqual([]);
      // Where npm reaches no registry there is nothing to hold ourselves against, and the reason is told.
      if (stdout.includes("Portkey's gateway is not beside us: ")) return;
      expect(measurable.filter(({ portkey }) => !isNumber(portkey)).map(({ name }) => name)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );

  it('names the benchmarks there are, for one that is not', async () => {
    const run = promisify(execFile)(process.execPath, ['bench/run.mjs', 'nothing']);
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Benchmarks: chat') });
  });
});

function isNumber(value: number | null): boolean {
  return value !== null && Number.isFinite(value);
}
