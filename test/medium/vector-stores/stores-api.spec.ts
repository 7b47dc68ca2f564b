import { jest } from '@jest/globals';
import { sleep } from '@libs/kernel';
import { StoreExpiry } from '../../../src/modules/vector-stores/store-expiry.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { eventually } from '../../support/eventually.js';
import { holdAt, openAll } from './support/gate.js';
import { KnowledgeApp, type WireFile, type WireStore } from './support/knowledge-app.js';

const ATTRIBUTES = { attributes: { a: 1 } };
const NOTHING = 'vs_000000000000000000000000';

describeOnEachEngine('vector stores', (engine) => {
  let place: KnowledgeApp;
  beforeAll(async () => {
    place = await KnowledgeApp.start({ engine });
  });
  afterAll(() => place?.close());
  let batchId: string;

  it('makes a store that is completed while it has no file', async () => {
    const { status, body } = await place.call('post', '/vector_stores', {
      name: 'notes',
      description: 'what I know',
      metadata: { a: 'b' },
      expires_after: { anchor: 'last_active_at', days: 7 },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'vector_store',
      name: 'notes',
      description: 'what I know',
      metadata: { a: 'b' },
      status: 'completed',
      usage_bytes: 0,
      file_counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
      expires_after: { anchor: 'last_active_at', days: 7 },
    });
    expect(Number(body['expires_at']) - Number(body['last_active_at'])).toBe(7 * 86_400);
    expect((await place.call('get', `/vector_stores/${String(body['id'])}`)).body).toEqual(body);
  });

  it('changes only what the request names', async () => {
    const id = await place.makeStore({ name: 'a', metadata: { a: 'b' } });
    const change = (body: object) => place.call('post', `/vector_stores/${id}`, body);
    expect((await change({ name: 'b' })).body).toMatchObject({ name: 'b', metadata: { a: 'b' }, expires_at: null });
    const dated = await change({ expires_after: { anchor: 'last_active_at', days: 1 } });
    expect(dated.body).toMatchObject({ name: 'b', expires_after: { anchor: 'last_active_at', days: 1 } });
    const undated = await change({ expires_after: null, metadata: null });
    expect(undated.body).toMatchObject({ name: 'b', metadata: {}, expires_at: null });
    expect(undated.body).not.toHaveProperty('expires_after');
  });

  it('lists stores with what their files add up to, newest first', async () => {
    const fileId = await place.upload('some words');
    const first = await place.makeStore({ file_ids: [fileId] });
    const second = await place.makeStore();
    await place.settled(first);
    const { body } = await place.call<{ data: WireStore[]; first_id: string }>('get', '/vector_stores?limit=2');
    expect(body.data.map(({ id }) => id)).toEqual([second, first]);
    expect(body.data[1]).toMatchObject({ usage_bytes: 10, file_counts: { completed: 1, total: 1 } });
    const after = await place.call<{ data: WireStore[] }>('get', `/vector_stores?limit=1&after=${second}`);
    expect(after.body.data.map(({ id }) => id)).toEqual([first]);
  });

  it('deletes a store, and does not know it afterwards', async () => {
    const id = await place.makeStore();
    const deleted = await place.call('delete', `/vector_stores/${id}`);
    expect(deleted.body).toEqual({ id, object: 'vector_store.deleted', deleted: true });
    const message = `No vector store found with id '${id}'.`;
    for (const method of ['get', 'delete'] as const) {
      const { status, body } = await place.call(method, `/vector_stores/${id}`);
      expect({ status, body }).toMatchObject({ status: 404, body: { error: { message, code: null } } });
    }
  });

  it('keeps nothing of a store whose files are not all there', async () => {
    const before = (await place.query('SELECT count(*) AS n FROM vector_stores'))[0];
    const answer = await place.call('post', '/vector_stores', { file_ids: ['file-nothing'] });
    expect(answer).toMatchObject({ status: 404, body: { error: { message: 'No such File object: file-nothing' } } });
    expect((await place.query('SELECT count(*) AS n FROM vector_stores'))[0]).toEqual(before);
  });

  it.each([
    [{ expires_after: { anchor: 'created_at', days: 1 } }, 'expires_after.anchor'],
    [{ expires_after: { anchor: 'last_active_at', days: 366 } }, 'expires_after.days'],
    [{ chunking_strategy: { type: 'static' } }, 'chunking_strategy.static'],
    [{ chunking_strategy: { type: 'pages' } }, 'chunking_strategy.type'],
    [sized(99, 0), 'chunking_strategy.static.max_chunk_size_tokens'],
    [sized(4097, 0), 'chunking_strategy.static.max_chunk_size_tokens'],
    [sized(100, 51), 'chunking_strategy.static.chunk_overlap_tokens'],
    [sized(100, -1), 'chunking_strategy.static.chunk_overlap_tokens'],
    [{ unknown: 1 }, 'unknown'],
  ])('refuses %j', async (body, param) => {
    const { status, body: answer } = await place.call<{ error: { param: string } }>('post', '/vector_stores', body);
    expect({ status, param: answer.error.param }).toEqual({ status: 400, param });
  });

  it('refuses more than 500 files at once', async () => {
    const body = { file_ids: Array.from({ length: 501 }, (_, index) => `file-${index}`) };
    const answer = await place.call<{ error: { param: string } }>('post', '/vector_stores', body);
    expect([answer.status, answer.body.error.param]).toEqual([400, 'file_ids']);
  });

  it.each([
    [{}, 'query'],
    [{ query: '' }, 'query'],
    [{ query: [] }, 'query'],
    [{ query: 7 }, 'query'],
    [{ query: 'x', max_num_results: 51 }, 'max_num_results'],
    [{ query: 'x', max_num_results: 0 }, 'max_num_results'],
    [{ query: 'x', filters: { type: 'like', key: 'a', value: 'b' } }, 'filters.type'],
    [{ query: 'x', filters: { type: 'eq', value: 'b' } }, 'filters.key'],
    [{ query: 'x', filters: { type: 'in', key: 'a', value: 'b' } }, 'filters.value'],
    [{ query: 'x', filters: { type: 'and', filters: [{ type: 'eq', key: 'a' }] } }, 'filters.filters[0].value'],
    [{ query: 'x', filters: nested(9) }, `filters${'.filters[0]'.repeat(7)}`],
    [{ query: 'x', ranking_options: { score_threshold: 1.1 } }, 'ranking_options.score_threshold'],
    [{ query: 'x', ranking_options: { ranker: 'best' } }, 'ranking_options.ranker'],
    [
      { query: 'x', ranking_options: { hybrid_search: { text_weight: 1 } } },
      'ranking_options.hybrid_search.embedding_weight',
    ],
    [
      { query: 'x', ranking_options: { hybrid_search: { embedding_weight: 0, text_weight: 0 } } },
      'ranking_options.hybrid_search',
    ],
  ])('refuses to search by %j', async (body, param) => {
    const id = await place.makeStore();
    const answer = await place.call<{ error: { param: string } }>('post', `/vector_stores/${id}/search`, body);
    expect({ status: answer.status, param: answer.body.error.param }).toEqual({ status: 400, param });
  });

  it('searches for a rewritten question beside the question, and says so', async () => {
    const id = await place.makeStore({ file_ids: [await place.upload('once upon a time')] });
    await place.settled(id);
    const search = async (rewrite_query: boolean): Promise<object> =>
      (await place.call('post', `/vector_stores/${id}/search`, { query: 'tell me of time', rewrite_query })).body;
    expect(await search(true)).toMatchObject({ search_query: ['time', 'tell me of time'] });
    expect(await search(false)).toMatchObject({ search_query: ['tell me of time'] });
  });

  it('takes filters that are nested as deep as they may be', async () => {
    const id = await place.makeStore();
    const body = { query: 'x', filters: nested(8) };
    expect((await place.call('post', `/vector_stores/${id}/search`, body)).status).toBe(200);
  });

  it('says expired of a store past its time, and changes nothing in it any more', async () => {
    const fileId = await place.upload('once upon a time');
    const id = await place.makeStore({ file_ids: [fileId], expires_after: { anchor: 'last_active_at', days: 1 } });
    const batch = await place.makeBatch(id, { file_ids: [fileId] });
    await place.settled(id);
    await place.query(`UPDATE vector_stores SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    expect(await place.store(id)).toMatchObject({ status: 'expired' });
    const calls: [string, object][] = [
      ['/search', { query: 'once' }],
      ['/files', { file_id: fileId }],
      ['/file_batches', { file_ids: [fileId] }],
      [`/files/${fileId}`, { attributes: {} }],
      [`/file_batches/${batch.id}/cancel`, {}],
      ['', { expires_after: null }],
    ];
    for (const [path, body] of calls) {
      const answer = await place.call<{ error: { code: string } }>('post', `/vector_stores/${id}${path}`, body);
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 400, 'vector_store_expired']);
    }
    await eventually(() => expect(place.chunkSets(id)).toEqual([]));
    expect(await place.store(id)).toMatchObject({ status: 'expired', usage_bytes: 0, file_counts: { total: 1 } });
    // Once for all: stores that have expired cost nothing ever after.
    await place.query(`UPDATE vector_store_files SET usage_bytes = 1 WHERE vector_store_id = $1`, [id]);
    await place.testing.app.get(StoreExpiry, { strict: false }).emptyExpired();
    expect(await place.store(id)).toMatchObject({ usage_bytes: 1 });
    expect((await place.call('delete', `/vector_stores/${id}/files/${fileId}`)).status).toBe(200);
  });

  it.each<[string, (id: string, fileId: string) => Promise<unknown>]>([
    ['a search', (id) => place.search(id, 'anything')],
    ['a change of attributes', (id, fileId) => place.call('post', `/vector_stores/${id}/files/${fileId}`, ATTRIBUTES)],
    ['a file that is taken out', (id, fileId) => place.call('delete', `/vector_stores/${id}/files/${fileId}`)],
    ['a batch that is cancelled', (id) => place.call('post', `/vector_stores/${id}/file_batches/${batchId}/cancel`)],
  ])('lets %s move the expiry', async (_, use) => {
    const { open } = holdAt(place, 'parser');
    const fileId = await place.upload('once upon a time');
    const id = await place.makeStore({ expires_after: { anchor: 'last_active_at', days: 1 } });
    ({ id: batchId } = await place.makeBatch(id, { file_ids: [fileId] }));
    const hourAgo = `now() - interval '1 hour'`;
    await place.query(
      `UPDATE vector_stores SET last_active_at = ${hourAgo}, expires_at = ${hourAgo} + interval '1 day' WHERE id = $1`,
      [id],
    );
    const before = await place.store(id);
    expect(await use(id, fileId)).not.toMatchObject({ body: { error: expect.anything() as unknown } });
    open();
    openAll(place);
    const after = await place.store(id);
    expect(after.last_active_at - before.last_active_at).toBeGreaterThanOrEqual(3599);
    expect(Number(after.expires_at) - Number(before.expires_at)).toBeGreaterThanOrEqual(3599);
  });

  describe('attributes are in the index what they are in the list', () => {
    const indexed = (storeId: string): unknown =>
      [...place.index.kept.values()].find(({ vectorStoreId }) => vectorStoreId === storeId)?.attributes;
    const change = (storeId: string, fileId: string, attributes: object) =>
      place.call<WireFile>('post', `/vector_stores/${storeId}/files/${fileId}`, { attributes });
    afterEach(() => {
      jest.restoreAllMocks();
      openAll(place);
    });

    it('where the index cannot be changed', async () => {
      const fileId = await place.upload('attributed');
      const storeId = await place.makeStore({ file_ids: [fileId] });
      await place.settled(storeId);
      jest.spyOn(place.index, 'setAttributes').mockRejectedValueOnce(new Error('The index is away.'));
      expect((await change(storeId, fileId, { a: 1 })).status).toBe(500);
      expect([(await place.file(storeId, fileId)).attributes, indexed(storeId)]).toEqual([{}, {}]);
    });

    it('where they change once more while a worker brings the last change', async () => {
      const { open, held } = holdAt(place, 'index');
      const fileId = await place.upload('attributed');
      const storeId = await place.makeStore({ file_ids: [fileId] });
      await eventually(() => expect(held()).toBe(1));
      await change(storeId, fileId, { a: 1 });
      const setAttributes = place.index.setAttributes.bind(place.index);
      let changing: Promise<{ status: number }> | undefined;
      jest.spyOn(place.index, 'setAttributes').mockImplementationOnce(async (...parameters) => {
        changing = change(storeId, fileId, { b: 2 });
        // It may have to wait for the worker.
        await Promise.race([changing, sleep(200)]);
        await setAttributes(...parameters);
      });
      open();
      await place.settled(storeId);
      await eventually(async () => expect((await changing)?.status).toBe(200));
      await eventually(() => expect(indexed(storeId)).toEqual({ b: 2 }));
      expect((await place.file(storeId, fileId)).attributes).toEqual({ b: 2 });
    });
  });

  it('does not know what it never had', async () => {
    const paths = ['', '/files', '/files/file-x', '/files/file-x/content', '/file_batches/b', '/file_batches/b/files'];
    for (const path of paths) {
      const { status, body } = await place.call('get', `/vector_stores/${NOTHING}${path}`);
      expect([path, status, body]).toEqual([
        path,
        404,
        {
          error: {
            message: `No vector store found with id '${NOTHING}'.`,
            type: 'invalid_request_error',
            param: null,
            code: null,
          },
        },
      ]);
    }
  });
});

function sized(size: number, overlap: number): object {
  const sizes = { max_chunk_size_tokens: size, chunk_overlap_tokens: overlap };
  return { chunking_strategy: { type: 'static', static: sizes } };
}

/** A filter of as many levels. */
function nested(depth: number): object {
  return depth === 1 ? { type: 'eq', key: 'a', value: 1 } : { type: 'and', filters: [nested(depth - 1)] };
}
