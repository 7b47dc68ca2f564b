import { sleep } from '@libs/kernel';
import { describeOnEachEngine } from '../../support/engines.js';
import { eventually } from '../../support/eventually.js';
import { holdAt, openAll } from './support/gate.js';
import { KnowledgeApp, type WireBatch, type WireFile, type WireStore } from './support/knowledge-app.js';

describeOnEachEngine('getting files into vector stores', (engine) => {
  let place: KnowledgeApp;
  beforeAll(async () => {
    place = await KnowledgeApp.start({ engine });
  });
  afterAll(() => place?.close());
  afterEach(() => openAll(place));

  const setsOf = (storeId: string): Promise<unknown> =>
    place.query('SELECT id FROM vector_store_chunk_sets WHERE vector_store_id = $1', [storeId]);

  it('parses, cuts and indexes a file, and shows what it found', async () => {
    const fileId = await place.upload('alpha\nbeta', 'letters.txt');
    const storeId = await place.makeStore();
    const { status, body } = await place.addFile(storeId, fileId, {
      attributes: { kind: 'letters', size: 2, ok: true },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: fileId,
      object: 'vector_store.file',
      vector_store_id: storeId,
      status: 'in_progress',
      usage_bytes: 0,
      last_error: null,
      attributes: { kind: 'letters', size: 2, ok: true },
      chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
      document_metadata: null,
    });
    expect(await place.settled(storeId)).toMatchObject({ status: 'completed', usage_bytes: 9, progress: 100 });
    expect(await place.file(storeId, fileId)).toMatchObject({
      status: 'completed',
      usage_bytes: 9,
      progress: 100,
      document_metadata: { lines: 2 },
    });
    expect(await place.search(storeId, 'beta')).toEqual(['beta']);
    const content = await place.call('get', `/vector_stores/${storeId}/files/${fileId}/content`);
    expect(content.body).toEqual({
      object: 'vector_store.file_content.page',
      data: [
        { type: 'text', text: 'alpha' },
        { type: 'text', text: 'beta' },
      ],
      has_more: false,
      next_page: null,
    });
  });

  describe('by sense', () => {
    afterEach(() => (place.embedder.isDown = false));

    const contentOf = async (storeId: string, fileId: string): Promise<string[]> => {
      const { body } = await place.call<{ data: { text: string }[] }>(
        'get',
        `/vector_stores/${storeId}/files/${fileId}/content`,
      );
      return body.data.map(({ text }) => text);
    };

    it('has the sentences compared by the configured model, for the project whose they are', async () => {
      const fileId = await place.upload('ab\ncd\nefg');
      const storeId = await place.makeStore();
      await place.addFile(storeId, fileId, { chunking_strategy: { type: 'semantic' } });
      expect(await place.settled(storeId)).toMatchObject({ status: 'completed' });
      expect(await contentOf(storeId, fileId)).toEqual(['ab\ncd', 'efg']);
      const [row] = await place.query(`SELECT project_id AS id FROM vector_stores WHERE id = $1`, [storeId]);
      expect(new Set(place.embedder.askedFor)).toEqual(new Set([row?.['id']]));
    });

    it('does without the model in the last try', async () => {
      place.embedder.isDown = true;
      const fileId = await place.upload('ab\ncd\nefg');
      const storeId = await place.makeStore();
      await place.addFile(storeId, fileId, { chunking_strategy: { type: 'semantic' } });
      await eventually(async () => {
        const tried = await place.query(
          `UPDATE vector_store_files SET claims = 4, retry_at = now()
           WHERE vector_store_id = $1 AND retry_at IS NOT NULL RETURNING 1`,
          [storeId],
        );
        expect(tried[1]).toBe(1);
      });
      expect(await place.settled(storeId)).toMatchObject({ status: 'completed' });
      expect(await contentOf(storeId, fileId)).toEqual(['ab', 'cd', 'efg']);
    });
  });

  it('tells what was wrong with a file, and keeps nothing of it', async () => {
    const [unsupported, empty] = [await place.upload('x', 'x.bin'), await place.upload('\n', 'empty.txt')];
    const storeId = await place.makeStore({ file_ids: [unsupported, empty] });
    const store = await place.settled(storeId);
    expect(store).toMatchObject({ status: 'completed', file_counts: { failed: 2, completed: 0, total: 2 } });
    expect(await place.file(storeId, unsupported)).toMatchObject({
      status: 'failed',
      last_error: { code: 'unsupported_file', message: 'This is not a document.' },
    });
    expect(await place.file(storeId, empty)).toMatchObject({ status: 'failed', last_error: { code: 'invalid_file' } });
    await eventually(() => expect(place.chunkSets(storeId)).toEqual([]));
  });

  it('tries again what failed for the time being, without doubles', async () => {
    let failures = 0;
    place.index.whileWriting = () => {
      failures += 1;
      return failures === 1 ? Promise.reject(new Error('the model server is away')) : Promise.resolve();
    };
    const fileId = await place.upload('only once');
    const storeId = await place.makeStore({ file_ids: [fileId] });
    await place.settled(storeId);
    expect(failures).toBe(2);
    expect(await place.file(storeId, fileId)).toMatchObject({ status: 'completed', last_error: null });
    await eventually(() => expect(place.chunkSets(storeId)).toHaveLength(1));
    expect(await place.search(storeId, 'once')).toEqual(['only once']);
  });

  it('gives a file up that fails again and again', async () => {
    const fileId = await place.upload('never');
    place.index.whileWriting = () => Promise.reject(new Error('no'));
    const storeId = await place.makeStore({ file_ids: [fileId] });
    await eventually(async () => {
      await place.query('UPDATE vector_store_files SET retry_at = NULL WHERE vector_store_id = $1', [storeId]);
      expect((await place.file(storeId, fileId)).status).toBe('failed');
    });
    const { last_error: error } = await place.file(storeId, fileId);
    expect(error?.code).toBe('server_error');
    expect(error?.message).not.toContain('no');
  });

  it('takes up a file whose worker was lost, and removes what that left', async () => {
    const fileId = await place.upload('lost and found');
    const storeId = await place.makeStore({ file_ids: [fileId] });
    await place.settled(storeId);
    const [former] = place.chunkSets(storeId);
    await place.query(
      `UPDATE vector_store_files SET status = 'in_progress', lease_owner = 'gone', lease_expires_at = now() - interval '1 second'
       WHERE vector_store_id = $1`,
      [storeId],
    );
    await place.settled(storeId);
    await eventually(() => expect(place.chunkSets(storeId)).toHaveLength(1));
    expect(place.chunkSets(storeId)).not.toEqual([former]);
    expect(await place.search(storeId, 'found')).toEqual(['lost and found']);
  });

  it('stops when its file is taken out of the store, and leaves nothing', async () => {
    const { held } = holdAt(place, 'index');
    const fileId = await place.upload('going away');
    const storeId = await place.makeStore({ file_ids: [fileId] });
    await eventually(() => expect(held()).toBe(1));
    expect(await place.file(storeId, fileId)).toMatchObject({ status: 'in_progress' });
    const path = `/vector_stores/${storeId}/files/${fileId}`;
    expect((await place.call('delete', path)).body).toEqual({
      id: fileId,
      object: 'vector_store.file.deleted',
      deleted: true,
    });
    expect((await place.call('get', path)).status).toBe(404);
    expect(await place.search(storeId, 'going')).toEqual([]);
    await eventually(() => expect(held()).toBe(0));
    await eventually(() => expect(place.chunkSets(storeId)).toEqual([]));
    expect((await place.call('get', `/files/${fileId}`)).status).toBe(200);
  });

  it.each(['the store', 'the uploaded file'])('forgets every chunk when %s is deleted', async (what) => {
    const fileId = await place.upload('forget me');
    const [storeId, other] = [
      await place.makeStore({ file_ids: [fileId] }),
      await place.makeStore({ file_ids: [fileId] }),
    ];
    await place.settled(storeId);
    await place.settled(other);
    await place.call('delete', what === 'the store' ? `/vector_stores/${storeId}` : `/files/${fileId}`);
    await eventually(() => expect(place.chunkSets(storeId)).toEqual([]));
    if (what === 'the store') {
      expect(place.chunkSets(other)).toHaveLength(1);
    } else {
      await eventually(() => expect(place.chunkSets(other)).toEqual([]));
      expect(await place.store(other)).toMatchObject({ file_counts: { total: 0 }, usage_bytes: 0 });
      expect((await place.call('get', `/vector_stores/${other}/files/${fileId}`)).status).toBe(404);
    }
    await eventually(async () => expect(await setsOf(storeId)).toEqual([]));
  });

  it('stops when the store is deleted in the middle', async () => {
    const { held } = holdAt(place, 'index');
    const storeId = await place.makeStore({ file_ids: await place.uploadMany(3) });
    await eventually(() => expect(held()).toBe(2));
    expect((await place.call('delete', `/vector_stores/${storeId}`)).status).toBe(200);
    await eventually(() => expect(held()).toBe(0));
    await eventually(async () => {
      expect(place.chunkSets(storeId)).toEqual([]);
      expect(await setsOf(storeId)).toEqual([]);
    });
  });

  it('takes a file anew that is there already, with what is said of it now', async () => {
    const fileId = await place.upload('twice told');
    const storeId = await place.makeStore({ file_ids: [fileId] });
    await place.settled(storeId);
    const chunking = { type: 'sentence', sentence: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 20 } };
    await place.addFile(storeId, fileId, { attributes: { version: 2 }, chunking_strategy: chunking });
    expect(await place.settled(storeId)).toMatchObject({ file_counts: { total: 1, completed: 1 } });
    expect(await place.file(storeId, fileId)).toMatchObject({
      attributes: { version: 2 },
      chunking_strategy: chunking,
    });
    expect(await place.search(storeId, 'told')).toEqual(['twice told']);
    await eventually(() => expect(place.chunkSets(storeId)).toHaveLength(1));
  });

  it('changes attributes in the middle of the ingestion, too', async () => {
    const { open, held } = holdAt(place, 'index');
    const fileId = await place.upload('attributed');
    const storeId = await place.makeStore();
    await place.addFile(storeId, fileId, { attributes: { a: 1 } });
    await eventually(() => expect(held()).toBe(1));
    const path = `/vector_stores/${storeId}/files/${fileId}`;
    const changed = await place.call<WireFile>('post', path, { attributes: { b: 'two' } });
    expect(changed.body.attributes).toEqual({ b: 'two' });
    open();
    await place.settled(storeId);
    await eventually(() => expect([...place.index.kept.values()].at(-1)?.attributes).toEqual({ b: 'two' }));
    expect((await place.call('post', path, { attributes: null })).body).toMatchObject({ attributes: {} });
    expect([...place.index.kept.values()].at(-1)?.attributes).toEqual({});
    expect((await place.call('post', path, {})).status).toBe(400);
  });

  it('brings a batch in, with its own attributes and chunking for each file', async () => {
    const [one = '', two = ''] = await place.uploadMany(2);
    const storeId = await place.makeStore();
    const chunking = { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 } };
    const made = await place.makeBatch(storeId, {
      files: [
        { file_id: one, attributes: { n: 1 } },
        { file_id: two, chunking_strategy: chunking },
      ],
    });
    expect(made).toMatchObject({
      object: 'vector_store.files_batch',
      vector_store_id: storeId,
      status: 'in_progress',
      file_counts: { in_progress: 2, total: 2 },
    });
    await place.settled(storeId);
    expect(await place.batch(storeId, made.id)).toMatchObject({
      status: 'completed',
      progress: 100,
      file_counts: { completed: 2, total: 2 },
    });
    expect(await place.file(storeId, one)).toMatchObject({ attributes: { n: 1 } });
    expect(await place.file(storeId, two)).toMatchObject({ attributes: {}, chunking_strategy: chunking });
    const list = `/vector_stores/${storeId}/file_batches/${made.id}/files`;
    const ids = async (query: string) =>
      (await place.call<{ data: WireFile[] }>('get', `${list}${query}`)).body.data.map(({ id }) => id);
    expect(await ids('?order=asc')).toEqual([one, two]);
    expect(await ids(`?order=asc&after=${one}`)).toEqual([two]);
    expect(await ids('?filter=failed')).toEqual([]);
    await place.call('delete', `/vector_stores/${storeId}/files/${one}`);
    expect(await ids(`?order=asc&after=${one}`)).toEqual([two]);
  });

  it('lets a client go on in a list of a store or batch whose file was taken out or deleted meanwhile', async () => {
    const [first = '', second = '', third = '', fourth = ''] = await place.uploadMany(4);
    const storeId = await place.makeStore();
    const made = await place.makeBatch(storeId, { file_ids: [first, second, third, fourth] });
    await place.settled(storeId);
    const lists = [`/vector_stores/${storeId}/files`, `/vector_stores/${storeId}/file_batches/${made.id}/files`];
    const page = async (list: string, query: string): Promise<string[]> =>
      (await place.call<{ data: WireFile[] }>('get', `${list}?order=asc&${query}`)).body.data.map(({ id }) => id);
    await place.call('delete', `/files/${second}`);
    await place.call('delete', `/vector_stores/${storeId}/files/${third}`);
    for (const list of lists) {
      expect(await page(list, `after=${second}`)).toEqual([fourth]);
      expect(await page(list, `after=${third}`)).toEqual([fourth]);
      expect(await page(list, `before=${third}`)).toEqual([first]);
      expect((await place.call('get', `${list}?after=file-nothing`)).status).toBe(400);
    }
    // It comes again, behind the others, and goes again: it is that place that counts.
    await place.addFile(storeId, third);
    await place.call('delete', `/vector_stores/${storeId}/files/${third}`);
    expect(await page(lists[0] ?? '', `before=${third}`)).toEqual([first, fourth]);
    const other = await place.makeStore();
    expect((await place.call('get', `/vector_stores/${other}/files?after=${second}`)).status).toBe(400);
  });

  it('says of a batch that it failed when all of its files did', async () => {
    const storeId = await place.makeStore();
    const made = await place.makeBatch(storeId, { file_ids: [await place.upload('x', 'x.bin')] });
    await place.settled(storeId);
    expect(await place.batch(storeId, made.id)).toMatchObject({
      status: 'failed',
      file_counts: { failed: 1, total: 1 },
    });
  });

  it('cancels what of a batch is not there yet', async () => {
    const { held } = holdAt(place, 'parser');
    const fileIds = await place.uploadMany(4);
    const storeId = await place.makeStore();
    const made = await place.makeBatch(storeId, { file_ids: fileIds });
    await eventually(() => expect(held()).toBe(2));
    const path = `/vector_stores/${storeId}/file_batches/${made.id}/cancel`;
    expect((await place.call<WireBatch>('post', path)).body).toMatchObject({
      status: 'cancelled',
      file_counts: { cancelled: 4, in_progress: 0, total: 4 },
    });
    await eventually(() => expect(held()).toBe(0));
    await eventually(() => expect(place.chunkSets(storeId)).toEqual([]));
    expect(await place.file(storeId, fileIds[0] ?? '')).toMatchObject({ status: 'cancelled' });
    const again = await place.call<{ error: { message: string } }>('post', path);
    expect([again.status, again.body.error.message]).toEqual([
      400,
      "Cannot cancel file batch with status 'cancelled'.",
    ]);
  });

  it.each([
    [{}, 'file_ids'],
    [{ file_ids: ['file-a'], files: [{ file_id: 'file-a' }] }, 'file_ids'],
    [{ file_ids: [] }, 'file_ids'],
    [{ files: [{}] }, 'files[0].file_id'],
    [{ files: [{ file_id: 'file-a', attributes: { a: [] } }] }, 'files[0].attributes.a'],
  ])('refuses the batch %j', async (body, param) => {
    const storeId = await place.makeStore();
    const path = `/vector_stores/${storeId}/file_batches`;
    const answer = await place.call<{ error: { param: string } }>('post', path, body);
    expect([answer.status, answer.body.error.param]).toEqual([400, param]);
  });

  it('lets another project in between the files of a large batch', async () => {
    const { open, held } = holdAt(place, 'parser');
    const storeId = await place.makeStore({ file_ids: await place.uploadMany(8) });
    await eventually(() => expect(held()).toBe(2));
    const other = await place.testing.signUp('bob');
    const fileId = await place.upload('of bob', 'bob.txt', other);
    const order: string[] = [];
    place.parser.whileParsing = (text) => {
      order.push(text);
      return Promise.resolve();
    };
    const theirs = await place.makeStore({ file_ids: [fileId] }, other);
    open();
    await place.settled(storeId);
    await eventually(async () => {
      const { body } = await place.call<WireStore>('get', `/vector_stores/${theirs}`, undefined, other);
      expect(body.status).toBe('completed');
    });
    expect(order.indexOf('of bob')).toBeLessThanOrEqual(1);
    expect(order).toHaveLength(7);
  });

  it('finishes a file and takes no other when the server ends', async () => {
    const own = await KnowledgeApp.start({ engine, environment: { INGESTION_LEASE_SECONDS: '60' } });
    let begun = 0;
    own.parser.whileParsing = async () => {
      begun += 1;
      await sleep(300);
    };
    const fileIds = await Promise.all(Array.from({ length: 6 }, (_, index) => own.upload(`text ${index}`)));
    await own.makeStore({ file_ids: fileIds });
    await eventually(() => expect(begun).toBe(2));
    await own.close();
    expect(begun).toBe(2);
  });
});
