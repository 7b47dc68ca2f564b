import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CAN_MEASURE_PROCESSES } from '../support/process-usage.js';
import type { Figure } from './figures.js';

const RUN_TIMEOUT_MS = 180_000;

describe('npm run bench -- runs --quick', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-bench-spec-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'measures every figure, on Postgres and Redis where there are any',
    async () => {
      const path = join(folder, 'figures.json');
      const { TEST_DATABASE_URL = '', TEST_REDIS_URL = '' } = process.env;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['bench/run.mjs', 'runs', '--quick', '--json', path],
        {
          env: {
            ...process.env,
            NODE_OPTIONS: '',
            BENCH_DATABASE_URL: TEST_DATABASE_URL || 'postgres://127.0.0.1:1/nowhere',
            BENCH_REDIS_URL: TEST_REDIS_URL || 'redis://127.0.0.1:6379',
          },
        },
      );
      const { figures } = JSON.parse(await readFile(path, 'utf8')) as { figures: Figure[] };
      const isWhole = !stdout.includes('Only embedded defaults were measured');
      expect(isWhole).toBe(TEST_DATABASE_URL !== '');
      const told = figures.filter(({ name }) => CAN_MEASURE_PROCESSES || !name.startsWith('processor time'));
      for (const { name, embedded, server } of told) {
        expect([name, typeof embedded, typeof server]).toEqual([name, 'number', isWhole ? 'number' : 'object']);
      }
    },
    RUN_TIMEOUT_MS,
  );
});
