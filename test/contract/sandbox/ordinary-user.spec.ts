import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWith } from '../../support/requirements.js';

const PROGRAM = fileURLToPath(new URL('./ordinary-user.fixture.ts', import.meta.url));
const ORDINARY = 65_534;
const TIMEOUT_MS = 120_000;

describeWith('bubblewrap', 'bubblewrap under a server that is not root', () => {
  it(
    'confines as well, polls what no file system bounds, and leaves nothing',
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'threadmill-ordinary-'));
      const isRoot = process.getuid?.() === 0;
      if (isRoot) await chown(root, ORDINARY, ORDINARY);
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', PROGRAM, root], {
        env: { HOME: root, TMPDIR: root },
        ...(isRoot ? { uid: ORDINARY, gid: ORDINARY } : {}),
      });
      const report: unknown = JSON.parse(stdout);
      expect(report).toMatchObject({
        probe: { ok: true, isolation: 'namespaces' },
        ...{ hello: 'hello', host: 'False', disk: 'disk_limit', memory: 'oom', processes: 'True' },
      });
      expect(report).not.toMatchObject({ uid: 0 });
      // Polling is not enforcing: what is unlinked but open escapes it.
      expect(report).toMatchObject({ probe: { enforces: expect.not.arrayContaining(['disk']) as unknown } });
      const left = await readdir(root);
      expect(left.filter((name) => !name.startsWith('tsx-'))).toEqual([]);
      await rm(root, { recursive: true });
    },
    TIMEOUT_MS,
  );
});
