import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateSecret } from './secret-file.js';
import { ServerSecrets } from './server-secrets.js';

describe('loadOrCreateSecret', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes a secret that only its owner can read, and gives the same one ever after', async () => {
    const path = join(folder, 'secrets', 'key');
    const secret = await loadOrCreateSecret(path);
    expect(secret.length).toBeGreaterThanOrEqual(43);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'secrets'))).mode & 0o777).toBe(0o700);
    expect(await loadOrCreateSecret(path)).toBe(secret);
  });

  it('gives processes that start at once the same secret, and leaves nothing else behind', async () => {
    const path = join(folder, 'key');
    const secrets = await Promise.all(Array.from({ length: 10 }, () => loadOrCreateSecret(path)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(['key']);
  });

  it('refuses an empty file instead of signing with nothing', async () => {
    await writeFile(join(folder, 'key'), '\n');
    await expect(loadOrCreateSecret(join(folder, 'key'))).rejects.toThrow('is empty');
  });
});

describe('ServerSecrets', () => {
  it('derives a steady key that differs by secret and is not the secret', () => {
    const secrets = new ServerSecrets('a'.repeat(40));
    expect(secrets.deriveKey('file-urls')).toEqual(new ServerSecrets('a'.repeat(40)).deriveKey('file-urls'));
    expect(secrets.deriveKey('file-urls')).not.toEqual(new ServerSecrets('b'.repeat(40)).deriveKey('file-urls'));
    expect(secrets.deriveKey('file-urls')).toHaveLength(32);
  });
});
