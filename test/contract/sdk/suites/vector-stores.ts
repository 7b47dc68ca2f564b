import { toFile } from 'openai';
import type { ContractPlace } from '../contract-place.js';

const POLL = { pollIntervalMs: 50 };
const STATIC = { type: 'static' as const, static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } };

/** Vector stores, their files, batches and searches, with the client's own helpers. */
export function describeVectorStores(place: ContractPlace): void {
  const textFile = (text: string, name: string) => toFile(Buffer.from(text), name);
  const upload = async (text: string, name: string) =>
    (await place.client.files.create({ file: await textFile(text, name), purpose: 'assistants' })).id;
  /** 4.x has other places for the ids of the path, which its wrapper in `sdks.ts` knows of threads only. */
  const raw = <Answer>(method: 'get' | 'post' | 'delete', path: string, body?: object): Promise<Answer> =>
    place.client[method]<Answer>(path, body === undefined ? {} : { body });

  it('a store is made, found, changed, listed and deleted', async () => {
    const { vectorStores } = place.client;
    const expires_after = { anchor: 'last_active_at' as const, days: 3 };
    const made = await vectorStores.create({ name: 'notes', metadata: { of: 'mine' }, expires_after });
    expect(made).toMatchObject({ object: 'vector_store', name: 'notes', status: 'completed', expires_after });
    expect(await vectorStores.retrieve(made.id)).toEqual(made);
    const changed = await vectorStores.update(made.id, { name: 'other notes' });
    expect(changed).toMatchObject({ id: made.id, name: 'other notes', metadata: { of: 'mine' } });
    const others = [await vectorStores.create({}), await vectorStores.create({})];
    const listed: string[] = [];
    for await (const { id } of vectorStores.list({ limit: 1 })) listed.push(id);
    expect(listed.slice(0, 3)).toEqual([...others.map(({ id }) => id).reverse(), made.id]);
    expect(await vectorStores.delete(made.id)).toEqual({ id: made.id, object: 'vector_store.deleted', deleted: true });
    await expect(vectorStores.retrieve(made.id)).rejects.toThrow(place.sdk.errors.NotFoundError);
  });

  it('a file is uploaded and polled to its end, searched, read, marked and taken out', async () => {
    const { vectorStores } = place.client;
    const store = await vectorStores.create({ name: 'letters' });
    const content = 'The heron stands in the reeds.\n\nThe kingfisher dives for sticklebacks.';
    const file = await vectorStores.files.uploadAndPoll(store.id, await textFile(content, 'birds.txt'), POLL);
    expect(file).toMatchObject({ object: 'vector_store.file', vector_store_id: store.id, status: 'completed' });
    const found = await vectorStores.search(store.id, { query: 'kingfisher', max_num_results: 3 });
    expect(found.data[0]).toMatchObject({ file_id: file.id, filename: 'birds.txt', attributes: {} });
    expect(found.data[0]?.content[0]?.text).toContain('dives for sticklebacks');
    const path = `/vector_stores/${store.id}/files/${file.id}`;
    expect(await raw('post', path, { attributes: { kind: 'bird' } })).toMatchObject({ attributes: { kind: 'bird' } });
    expect(await raw('get', path)).toMatchObject({ id: file.id, attributes: { kind: 'bird' } });
    const filters = (value: string) => ({ type: 'eq' as const, key: 'kind', value });
    const hits = async (value: string) =>
      (await vectorStores.search(store.id, { query: ['heron', 'kingfisher'], filters: filters(value) })).data.length;
    expect([await hits('bird'), await hits('fish')]).toEqual([1, 0]);
    const read = await raw<{ data: { text: string }[] }>('get', `${path}/content`);
    expect(read.data.map(({ text }) => text).join('')).toBe(content);
    expect(await raw('delete', path)).toEqual({ id: file.id, object: 'vector_store.file.deleted', deleted: true });
    expect((await vectorStores.search(store.id, { query: 'kingfisher' })).data).toEqual([]);
    expect((await place.client.files.retrieve(file.id)).id).toBe(file.id);
  });

  it('filters have every operator, alone and joined', async () => {
    const { vectorStores } = place.client;
    const store = await vectorStores.create({});
    const animals = [
      { name: 'heron.txt', attributes: { kind: 'bird', legs: 2, tame: false } },
      { name: 'carp.txt', attributes: { kind: 'fish', legs: 0, tame: true } },
      { name: 'spider.txt', attributes: { legs: 8 } },
    ];
    for (const { name, attributes } of animals) {
      const file_id = await upload('an animal of the pond', name);
      await raw('post', `/vector_stores/${store.id}/files`, { file_id, attributes });
      await vectorStores.files.poll(store.id, file_id, POLL);
    }
    const one = (type: string, key: string, value: unknown): object => ({ type, key, value });
    const cases: [object, string][] = [
      [one('eq', 'kind', 'bird'), 'heron'],
      [one('eq', 'tame', true), 'carp'],
      [one('ne', 'kind', 'bird'), 'carp spider'],
      [one('gt', 'legs', 2), 'spider'],
      [one('gte', 'legs', 2), 'heron spider'],
      [one('lt', 'legs', 2), 'carp'],
      [one('lte', 'legs', 2), 'carp heron'],
      [one('in', 'kind', ['bird', 'fish']), 'carp heron'],
      [one('nin', 'legs', [0, 2]), 'spider'],
      [{ type: 'and', filters: [one('gte', 'legs', 1), one('ne', 'kind', 'bird')] }, 'spider'],
      [{ type: 'or', filters: [one('eq', 'legs', '2'), one('eq', 'legs', 8)] }, 'spider'],
    ];
    for (const [filters, expected] of cases) {
      const search = { query: 'animal of the pond', filters };
      const { data } = await raw<{ data: { filename: string }[] }>('post', `/vector_stores/${store.id}/search`, search);
      const found = data.map(({ filename }) => filename.replace('.txt', '')).sort();
      expect([filters, found.join(' ')]).toEqual([filters, expected]);
    }
  });

  it('a poller that names no interval hears when to ask again', async () => {
    const { vectorStores } = place.client;
    const store = await vectorStores.create({});
    const begun = performance.now();
    const file = await vectorStores.files.uploadAndPoll(store.id, await textFile('Soon.', 'soon.txt'));
    expect(file.status).toBe('completed');
    // Without the header it would sleep for five seconds at least once, unless the file was there at once.
    expect(performance.now() - begun).toBeLessThan(4500);
    const batch = await vectorStores.fileBatches.create(store.id, { file_ids: [file.id] });
    for (const path of [`files/${file.id}`, `file_batches/${batch.id}`]) {
      const answer = await place.client.get(`/vector_stores/${store.id}/${path}`).asResponse();
      expect(Number(answer.headers.get('openai-poll-after-ms'))).toBeGreaterThanOrEqual(100);
    }
  });

  it('a store is made with files, each cut as is said', async () => {
    const fileId = await upload('one two three', 'numbers.txt');
    const store = await place.client.vectorStores.create({ file_ids: [fileId], chunking_strategy: STATIC });
    expect(store.file_counts.total).toBe(1);
    const file = await place.client.vectorStores.files.createAndPoll(store.id, { file_id: fileId }, POLL);
    expect(file).toMatchObject({ status: 'completed', chunking_strategy: { type: 'static' } });
    const listed: string[] = [];
    for await (const { id } of place.client.vectorStores.files.list(store.id, { filter: 'completed' })) listed.push(id);
    expect(listed).toEqual([fileId]);
  });

  it('a batch of files is uploaded and polled to its end, and its files are listed', async () => {
    const { vectorStores } = place.client;
    const store = await vectorStores.create({});
    const files = await Promise.all(['a', 'b', 'c'].map((name) => textFile(`text of ${name}`, `${name}.txt`)));
    const batch = await vectorStores.fileBatches.uploadAndPoll(store.id, { files }, POLL);
    expect(batch).toMatchObject({
      object: 'vector_store.files_batch',
      status: 'completed',
      file_counts: { completed: 3, failed: 0, in_progress: 0, cancelled: 0, total: 3 },
    });
    const path = `/vector_stores/${store.id}/file_batches/${batch.id}`;
    expect(await raw('get', path)).toEqual(batch);
    const listed = await raw<{ data: { id: string }[]; has_more: boolean }>('get', `${path}/files?limit=2`);
    expect([listed.data.length, listed.has_more]).toEqual([2, true]);
    expect((await vectorStores.files.list(store.id)).data).toHaveLength(3);
  });

  it('a batch is cancelled while it is under way, or refused once it is not', async () => {
    const { vectorStores } = place.client;
    const store = await vectorStores.create({});
    const file_ids = await Promise.all(
      Array.from({ length: 12 }, (_, index) => upload(`words ${index}`, `${index}.txt`)),
    );
    const batch = await vectorStores.fileBatches.create(store.id, { file_ids });
    const cancelled = await raw<{ status: string; file_counts: { in_progress: number } }>(
      'post',
      `/vector_stores/${store.id}/file_batches/${batch.id}/cancel`,
    );
    expect(cancelled).toMatchObject({ status: 'cancelled', file_counts: { in_progress: 0, total: 12 } });
  });

  it('an assistant and a thread bring their stores along, and an attachment comes into the thread’s', async () => {
    const { beta, vectorStores } = place.client;
    const [one, two] = [await upload('the first file', 'one.txt'), await upload('the second file', 'two.txt')];
    const vector_stores = [{ file_ids: [one], metadata: { made: 'inline' } }];
    const assistant = await beta.assistants.create({
      model: place.model.model,
      tools: [{ type: 'file_search' }],
      tool_resources: { file_search: { vector_stores } },
    });
    const [ofAssistant = ''] = assistant.tool_resources?.file_search?.vector_store_ids ?? [];
    expect(await vectorStores.retrieve(ofAssistant)).toMatchObject({
      metadata: { made: 'inline' },
      file_counts: { total: 1 },
    });
    const tools = [{ type: 'file_search' as const }];
    const messages = [{ role: 'user' as const, content: 'Read.', attachments: [{ file_id: two, tools }] }];
    const thread = await beta.threads.create({ messages });
    const [ofThread = ''] = thread.tool_resources?.file_search?.vector_store_ids ?? [];
    expect(await vectorStores.retrieve(ofThread)).toMatchObject({
      expires_after: { anchor: 'last_active_at', days: 7 },
      file_counts: { total: 1 },
    });
    await beta.threads.messages.create(thread.id, {
      role: 'user',
      content: 'And.',
      attachments: [{ file_id: one, tools }],
    });
    const again = await beta.threads.retrieve(thread.id);
    expect(again.tool_resources?.file_search?.vector_store_ids).toEqual([ofThread]);
    expect((await vectorStores.files.list(ofThread, { order: 'asc' })).data.map(({ id }) => id)).toEqual([two, one]);
    const named = await beta.threads.create({ tool_resources: { file_search: { vector_store_ids: [ofAssistant] } } });
    expect(named.tool_resources?.file_search?.vector_store_ids).toEqual([ofAssistant]);
    const missing = { file_search: { vector_store_ids: ['vs_missing'] } };
    await expect(beta.threads.create({ tool_resources: missing })).rejects.toThrow(place.sdk.errors.NotFoundError);
  });
}
