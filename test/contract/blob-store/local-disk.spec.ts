import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalDiskBlobStore } from '../../../src/storage/local-disk-blob-store.js';
import { describeBlobStoreContract } from './blob-store.contract.js';

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function createStore(): Promise<{ root: string; store: LocalDiskBlobStore }> {
  const root = await mkdtemp(join(tmpdir(), 'threadmill-blobs-'));
  const store = new LocalDiskBlobStore(root);
  await store.prepare();
  return { root, store };
}

describeBlobStoreContract('local disk', async () => {
  const { root, store } = await createStore();
  return {
    store,
    countEverything: async () => (await filesUnder(root)).length,
    dispose: () => rm(root, { recursive: true, force: true }),
  };
});

describe('LocalDiskBlobStore after a crash', () => {
  const roots: string[] = [];
  afterEach(() => Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true, force: true }))));

  async function prepared(): Promise<{ root: string; temporary: string; store: LocalDiskBlobStore }> {
    const { root, store } = await createStore();
    roots.push(root);
    return { root, temporary: join(root, '.tmp'), store };
  }

  it('shows no partial blob of a writer that was killed, and sweeps its remains at the next start', async () => {
    const { root, store } = await prepared();
    const program = join(import.meta.dirname, 'interrupted-writer.fixture.ts');
    const writer = spawn(process.execPath, ['--import', 'tsx', program, root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    expect(await filesUnder(root)).toHaveLength(1);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    for await (const { key } of store.list()) throw new Error(`a partial blob is visible: ${key}`);
    await expect(store.open('half')).rejects.toThrow('No blob');
    await new LocalDiskBlobStore(root).prepare();
    expect(await filesUnder(root)).toEqual([]);
  });

  it('leaves the temporary files of living processes and of other hosts, for a day', async () => {
    const { root, temporary } = await prepared();
    const host = hostname().replace(/[^A-Za-z0-9-]/g, '-');
    const kept = [`${host}.${process.ppid}.abc`, 'another-host.1.abc'];
    for (const name of [...kept, 'another-host.1.old', `${host}.${process.pid}.abc`]) {
      await writeFile(join(temporary, name), 'x');
    }
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(join(temporary, 'another-host.1.old'), twoDaysAgo, twoDaysAgo);
    await new LocalDiskBlobStore(root).prepare();
    expect((await readdir(temporary)).sort()).toEqual([...kept].sort());
  });
});
