import { utimes } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Database } from '../../../src/database/database.js';
import { FilesModule, FilesService } from '../../../src/modules/files/index.js';
import { FilesHousekeeping } from '../../../src/modules/files/files-housekeeping.service.js';
import { BlobStore } from '../../../src/storage/blob-store.js';
import { filesInBlobStore } from '../../support/stored-files.js';
import { startTestingApp, type TestingApp } from '../../support/testing-app.js';

describe('housekeeping of files', () => {
  let testing: TestingApp;
  let housekeeping: FilesHousekeeping;
  let token: string;
  beforeAll(async () => {
    testing = await startTestingApp({ modules: [FilesModule] });
    housekeeping = testing.app.get(FilesHousekeeping, { strict: false });
    token = await testing.signUp('alice');
  });
  afterAll(() => testing?.close());

  const stored = () => filesInBlobStore(testing.config.DATA_DIR);
  const upload = async (name: string): Promise<string> => {
    const form = testing.request.post('/v1/files').set('authorization', `Bearer ${token}`);
    return (await form.attach('file', Buffer.from(name), name).expect(200)).body.id as string;
  };

  it('removes expired files with their bytes, and no others', async () => {
    const before = await stored();
    const kept = await upload('kept');
    const ids = [await upload('one'), await upload('two')];
    const { manager } = testing.app.get(Database);
    await manager.query(`UPDATE files SET expires_at = now() - interval '1 minute' WHERE id = ANY($1)`, [ids]);
    await manager.query(`UPDATE files SET expires_at = now() + interval '1 minute' WHERE id = $1`, [kept]);
    expect(await housekeeping.removeExpired()).toBe(2);
    expect(await stored()).toHaveLength(before.length + 1);
    const rows: { id: string }[] = await manager.query('SELECT id FROM files WHERE id = ANY($1)', [[kept, ...ids]]);
    expect(rows.map(({ id }) => id)).toEqual([kept]);
    expect(await housekeeping.removeExpired()).toBe(0);
  });

  it('removes blobs without a file that are older than an hour, and no others', async () => {
    const id = await upload('with a row');
    const before = await stored();
    const blobs = testing.app.get(BlobStore);
    for (const key of ['orphan-old', 'orphan-young']) await blobs.put(key, Readable.from([Buffer.from('x')]), 10);
    const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const path of await stored()) {
      if (!path.endsWith('orphan-young')) await utimes(path, twoHoursAgo, twoHoursAgo);
    }
    expect(await housekeeping.removeOrphans()).toBe(1);
    const left = await stored();
    expect(left.filter((path) => path.includes('orphan')).map((path) => path.split('/').at(-1))).toEqual([
      'orphan-young',
    ]);
    expect(left).toHaveLength(before.length + 1);
    const content = testing.request.get(`/v1/files/${id}/content`).set('authorization', `Bearer ${token}`);
    await content.expect(200);
  });

  it('leaves the application standing when the store fails', async () => {
    const files = testing.app.get(FilesService, { strict: false });
    const blobs = testing.app.get(BlobStore);
    const id = await upload('stuck');
    const original = blobs.delete.bind(blobs);
    blobs.delete = () => Promise.reject(new Error('disk on fire'));
    const deleting = testing.request.delete(`/v1/files/${id}`).set('authorization', `Bearer ${token}`);
    await deleting.expect(200);
    blobs.delete = original;
    await expect(files.get({ projectId: 'proj_x' }, id)).rejects.toThrow('No such File object');
  });
});
