import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPortkey } from './portkey-install.js';

describe('installPortkey', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-portkey-spec-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('throws without a registry, and leaves nothing half installed', async () => {
    const environment = {
      PATH: process.env.PATH,
      // Port 9 (discard) refuses at once; and no old answer of a registry may stand in.
      ...{ npm_config_registry: 'http://127.0.0.1:9', npm_config_cache: join(folder, 'npm') },
      npm_config_fetch_retries: '0',
    };
    await expect(installPortkey(join(folder, 'kept', 'gateway'), environment)).rejects.toThrow('npm install');
    expect(await readdir(join(folder, 'kept'))).toEqual([]);
  });
});
