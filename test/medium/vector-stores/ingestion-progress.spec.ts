import { describeOnEachEngine } from '../../support/engines.js';
import { eventually } from '../../support/eventually.js';
import { holdAt, openAll } from './support/gate.js';
import { KnowledgeApp } from './support/knowledge-app.js';

describeOnEachEngine('files on their way into vector stores', (engine) => {
  let place: KnowledgeApp;
  beforeAll(async () => {
    place = await KnowledgeApp.start({ engine });
  });
  afterAll(() => place?.close());
  afterEach(() => openAll(place));

  it('tells how far files have come while they are on their way', async () => {
    const { open, held } = holdAt(place, 'index');
    const [fileId = ''] = await place.uploadMany(1);
    const storeId = await place.makeStore();
    const made = await place.makeBatch(storeId, { file_ids: [fileId] });
    await eventually(() => expect(held()).toBe(1));
    for (const look of [
      () => place.file(storeId, fileId),
      () => place.store(storeId),
      () => place.batch(storeId, made.id),
    ]) {
      const { progress } = await look();
      expect(progress).toBeGreaterThan(0);
      expect(progress).toBeLessThan(100);
    }
    open();
    await place.settled(storeId);
    expect((await place.batch(storeId, made.id)).progress).toBe(100);
  });

  it('takes files while a batch is under way, and does not cancel them with it', async () => {
    const { open, held } = holdAt(place, 'parser');
    const [one = '', two = '', late = ''] = await place.uploadMany(3);
    const storeId = await place.makeStore();
    const made = await place.makeBatch(storeId, { file_ids: [one, two] });
    await eventually(() => expect(held()).toBe(2));
    await place.addFile(storeId, late);
    expect(await place.batch(storeId, made.id)).toMatchObject({ file_counts: { in_progress: 2, total: 2 } });
    expect(await place.store(storeId)).toMatchObject({ file_counts: { in_progress: 3, total: 3 } });
    // One of the batch's own, too: it is no longer the batch's.
    await place.addFile(storeId, one);
    await place.call('post', `/vector_stores/${storeId}/file_batches/${made.id}/cancel`);
    open();
    expect(await place.settled(storeId)).toMatchObject({ file_counts: { completed: 2, cancelled: 1, total: 3 } });
    expect(await place.file(storeId, two)).toMatchObject({ status: 'cancelled' });
    expect((await place.search(storeId, 'text')).sort()).toEqual(['text 0', 'text 2']);
  });
});
