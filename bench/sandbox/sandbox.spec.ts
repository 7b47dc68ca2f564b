import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith } from '../../test/support/requirements.js';
import type { Figure } from './figures.js';

const RUN_TIMEOUT_MS = 120_000;

describeWith('bubblewrap', 'npm run bench -- sandbox --quick', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-bench-spec-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'measures every figure',
    async () => {
      const path = join(folder, 'figures.json');
      const command = ['bench/run.mjs', 'sandbox', '--quick', '--json', path];
      const { stdout } = await promisify(execFile)(process.execPath, command, {
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const { figures } = JSON.parse(await readFile(path, 'utf8')) as { figures: Figure[] };
      const hasPandas = !stdout.includes('There is no pandas here');
      const measurable = figures.filter(({ name }) => hasPandas || !name.includes('pandas'));
      expect(measurable.length).toBeGreaterThanOrEqual(8);
      expect(measurable.filter(({ value }) => !((value ?? 0) > 0)).map(({ name }) => name)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});
