import { utimes } from 'node:fs/promises';
import { basename } from 'node:path';
import { Database } from '../../../src/database/database.js';
import { FilesHousekeeping, FilesService } from '../../../src/modules/files/index.js';
import { UploadsModule } from '../../../src/modules/uploads/index.js';
import { BlobStore } from '../../../src/storage/blob-store.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { filesInBlobStore } from '../../support/stored-files.js';
import { startTestingApp, type TestingApp } from '../../support/testing-app.js';

interface Answer {
  status: number;
  body: { id: string; status?: string; file?: { id: string }; error?: { message: string } };
}

describeOnEachEngine('the endings of uploads', (engine) => {
  let testing: TestingApp;
  let housekeeping: FilesHousekeeping;
  let files: FilesService;
  let blobs: BlobStore;
  let token: string;
  beforeAll(async () => {
    testing = await startTestingApp({ modules: [UploadsModule], engine });
    housekeeping = testing.app.get(FilesHousekeeping, { strict: false });
    files = testing.app.get(FilesService, { strict: false });
    blobs = testing.app.get(BlobStore);
    token = await testing.signUp('alice');
  });
  afterAll(() => testing?.close());

  const post = (path: string, body: object = {}): Promise<Answer> =>
    testing.request.post(`/v1/uploads${path}`).set('authorization', `Bearer ${token}`).send(body);
  const addPart = (uploadId: string, content: string): Promise<Answer> =>
    testing.request
      .post(`/v1/uploads/${uploadId}/parts`)
      .set('authorization', `Bearer ${token}`)
      .attach('data', Buffer.from(content), 'blob');
  const complete = (id: string, partIds: string[]): Promise<Answer> => post(`/${id}/complete`, { part_ids: partIds });

  async function begin(content: string): Promise<{ id: string; partId: string }> {
    const attributes = { filename: 'a.txt', purpose: 'assistants', mime_type: 'text/plain', bytes: content.length };
    const { id } = (await post('', attributes)).body;
    return { id, partId: (await addPart(id, content)).body.id };
  }

  const query = (statement: string, parameters: unknown[]): Promise<Record<string, unknown>[]> =>
    testing.app.get(Database).manager.query(statement, parameters);
  const outlive = (id: string, interval: string): Promise<unknown> =>
    query(`UPDATE uploads SET expires_at = now() - $2::interval WHERE id = $1`, [id, interval]);
  const countFiles = async (): Promise<number> =>
    Number((await query('SELECT count(*) AS n FROM files', []))[0]?.['n']);
  const keys = async (): Promise<string[]> =>
    (await filesInBlobStore(testing.config.DATA_DIR)).map((path) => basename(path)).sort();

  /** Runs something in the middle of the next completion, before it reads the first part. */
  function whenJoining(work: () => Promise<unknown>): void {
    const open = blobs.open.bind(blobs);
    blobs.open = async (key, range) => {
      blobs.open = open;
      await work();
      return open(key, range);
    };
  }

  async function age(key: string): Promise<void> {
    const longAgo = new Date(Date.now() - 3 * 3_600_000);
    for (const path of await filesInBlobStore(testing.config.DATA_DIR)) {
      if (basename(path) === key) await utimes(path, longAgo, longAgo);
    }
  }

  it('refuses everything once the time is over', async () => {
    const { id, partId } = await begin('abc');
    await outlive(id, '1 second');
    for (const answer of [await addPart(id, 'x'), await complete(id, [partId]), await post(`/${id}/cancel`)]) {
      expect(answer.status).toBe(400);
      expect(answer.body.error?.message).toContain("with status 'expired'");
    }
    expect(await keys()).toContain(partId);
  });

  it('removes the parts of uploads that expired an hour ago, and no others', async () => {
    const [old, late, young] = [await begin('old'), await begin('late'), await begin('young')];
    await outlive(old.id, '61 minutes');
    await outlive(late.id, '59 minutes');
    await housekeeping.removeExpired();
    const rows = await query('SELECT id, status FROM uploads WHERE id = ANY($1)', [[old.id, late.id, young.id]]);
    expect(Object.fromEntries(rows.map(({ id, status }) => [id, status]))).toEqual({
      [old.id]: 'expired',
      [late.id]: 'pending',
      [young.id]: 'pending',
    });
    const left = await keys();
    expect([old, late, young].map(({ partId }) => left.includes(partId))).toEqual([false, true, true]);
    expect(await query('SELECT id FROM upload_parts WHERE id = $1', [old.partId])).toEqual([]);
    expect((await complete(young.id, [young.partId])).body.status).toBe('completed');
  });

  it('sweeps no part that is in use, however old, and those that no row names', async () => {
    const [used, lost] = [await begin('used'), await begin('lost')];
    await query('DELETE FROM uploads WHERE id = $1', [lost.id]);
    await age(used.partId);
    await age(lost.partId);
    await housekeeping.removeOrphans();
    const left = await keys();
    expect(left).toContain(used.partId);
    expect(left).not.toContain(lost.partId);
  });

  it('lets a completion that began in time win over the expiry', async () => {
    const { id, partId } = await begin('abc');
    whenJoining(() => outlive(id, '1 minute'));
    const answer = await complete(id, [partId]);
    expect(answer.body).toMatchObject({ status: 'completed', file: { bytes: 3 } });
  });

  it('makes no file of an upload that is cancelled while it is completed', async () => {
    const { id, partId } = await begin('abc');
    const [before, rows] = [await keys(), await countFiles()];
    whenJoining(() => post(`/${id}/cancel`));
    const answer = await complete(id, [partId]);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.message).toContain("with status 'cancelled'");
    expect(await countFiles()).toBe(rows);
    expect(await keys()).toEqual(before.filter((key) => key !== partId));
  });

  it('keeps no part that came in while the upload was cancelled', async () => {
    const { id, partId } = await begin('abc');
    const before = await keys();
    const put = blobs.put.bind(blobs);
    blobs.put = async (...given) => {
      blobs.put = put;
      const stored = await put(...given);
      await post(`/${id}/cancel`);
      return stored;
    };
    expect((await addPart(id, 'late')).status).toBe(400);
    expect(await keys()).toEqual(before.filter((key) => key !== partId));
  });

  it('leaves a pending upload and no file when making the file fails, and can be completed again', async () => {
    const { id, partId } = await begin('abc');
    const rows = await countFiles();
    const original = files.createFromStored.bind(files);
    files.createFromStored = async (...given) => {
      files.createFromStored = original;
      await original(...given);
      throw new Error('the power went off');
    };
    expect((await complete(id, [partId])).status).toBe(500);
    expect(await countFiles()).toBe(rows);
    expect((await complete(id, [partId])).body.status).toBe('completed');
    expect(await countFiles()).toBe(rows + 1);
  });

  it('makes the file although its parts cannot be removed, which the sweep does later', async () => {
    const { id, partId } = await begin('abc');
    const remove = blobs.delete.bind(blobs);
    blobs.delete = () => Promise.reject(new Error('disk on fire'));
    const answer = await complete(id, [partId]);
    blobs.delete = remove;
    expect(answer.body.status).toBe('completed');
    expect(await keys()).toContain(partId);
    await age(partId);
    await housekeeping.removeOrphans();
    expect(await keys()).not.toContain(partId);
    const content = testing.request.get(`/v1/files/${answer.body.file?.id}/content`);
    expect((await content.set('authorization', `Bearer ${token}`).responseType('text')).body.toString()).toBe('abc');
  });
});
