import { chunkDocument, type Attributes, type ChunkIndex, type IndexScope, type SearchHit } from '@libs/retrieval';
import { IndexUpkeep } from '../../../src/modules/vector-stores/chunk-index/index-upkeep.js';
import { IndexUpkeepRepository } from '../../../src/modules/vector-stores/chunk-index/index-upkeep.repository.js';
import { IndexVacuum } from '../../../src/modules/vector-stores/chunk-index/index-vacuum.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { chunksOf, startIndexApp, type IndexApp } from './chunk-index-app.js';
import { alikeDocuments } from './support/alike-documents.js';

const SHIPS = ['Ships sail the sea. A harbour is where ships rest.', 'The captain decides where the ship goes.'];
const TAXES = ['Taxes are due in spring.', 'A late tax costs a fee of five per cent.'];

describeOnEachEngine('the index of chunks', (engine) => {
  let app: IndexApp;
  let index: ChunkIndex;
  let scope: IndexScope;
  beforeAll(async () => {
    app = await startIndexApp({ engine });
    index = app.index;
  });
  beforeEach(async () => {
    scope = await app.project();
  });
  afterAll(() => app?.close());

  const put = (fileId: string, texts: readonly string[], store = 'vs', attributes: Attributes = {}): Promise<number> =>
    index.replaceFile(scope, { vectorStoreId: store, fileId, filename: `${fileId}.txt`, attributes }, chunksOf(texts));
  const search = (query: string, store = 'vs', within = scope): Promise<SearchHit[]> =>
    index.search(within, { vectorStoreIds: [store], queries: [query], limit: 10 });
  const texts = async (query: string, store = 'vs'): Promise<string[]> =>
    (await search(query, store)).map(({ chunk }) => chunk.text);
  const rowsOf = (table: string): Promise<{ count: number }[]> =>
    app.query(
      `SELECT count(*)::int AS count FROM ${table} WHERE store IN
         (SELECT number FROM index_stores WHERE project_id = $1 OR project_id IS NULL)`,
      [scope.projectId],
    );

  it('finds chunks with everything that is known of them', async () => {
    const file = {
      vectorStoreId: 'vs',
      fileId: 'file-1',
      filename: 'Zölle und "Häfen".md',
      attributes: { year: 2024 },
    };
    const [chunk] = chunksOf(['Customs duties: 5 % 💶\n' + 'of the value'], ['Part I', 'Duties']);
    const whole = { ...chunk!, page: 7, tokens: 12 };
    const progress: [number, number][] = [];
    const bytes = await index.replaceFile(scope, file, [whole], {
      onProgress: (done, of) => progress.push([done, of]),
    });
    expect(bytes).toBeGreaterThan(Buffer.byteLength(whole.text));
    expect(progress).toEqual([[1, 1]]);
    const [hit, ...others] = await search('duty on the value');
    expect(others).toEqual([]);
    expect(hit).toEqual({ ...file, chunk: whole, score: expect.any(Number) });
    expect(await index.chunksOf(scope, 'vs', 'file-1')).toEqual([whole]);
  });

  it('gives the best first, with scores from 0 to 1, and honours limit and threshold', async () => {
    await put('ships', SHIPS);
    await put('taxes', TAXES);
    const hits = await search('What does a late tax cost?');
    expect(hits.map(({ fileId }) => fileId)).toEqual(['taxes', 'taxes']);
    expect(hits[0]?.chunk.text).toBe(TAXES[1]);
    const scores = hits.map(({ score }) => score);
    expect([...scores].sort((one, other) => other - one)).toEqual(scores);
    expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
    const request = { vectorStoreIds: ['vs'], queries: ['What does a late tax cost?'] };
    expect(await index.search(scope, { ...request, limit: 1 })).toHaveLength(1);
    const scoreThreshold = ((scores[0] ?? 0) + (scores[1] ?? 0)) / 2;
    expect(await index.search(scope, { ...request, limit: 10, scoreThreshold })).toHaveLength(1);
  });

  it.each([
    ['nothing in common', 'zebra crossings'],
    ['only stop words', 'what is the'],
    ['no word at all', '?!'],
    ['a NUL character and a lone surrogate', 'zebra\0 \ud800'],
  ])('finds nothing for %s', async (_, query) => {
    await put('ships', SHIPS);
    expect(await search(query)).toEqual([]);
  });

  it('searches several stores as one, several queries as variants, and the file name too', async () => {
    await put('ships', SHIPS, 'vs-1');
    await put('taxes', TAXES, 'vs-2');
    const found = async (queries: string[]): Promise<string[]> => {
      const hits = await index.search(scope, { vectorStoreIds: ['vs-1', 'vs-2'], queries, limit: 10 });
      return [...new Set(hits.map(({ fileId }) => fileId))].sort();
    };
    expect(await found(['captain'])).toEqual(['ships']);
    expect(await found(['captain', 'late fee'])).toEqual(['ships', 'taxes']);
    await put('invoice-of-may', ['No word of it.'], 'vs-2');
    expect(await found(['the invoice'])).toEqual(['invoice-of-may']);
  });

  it('replaces a file whole, and again after a crash in the middle, without doubles or holes', async () => {
    await put('file', SHIPS);
    await put('file', TAXES);
    expect(await texts('ship')).toEqual([]);
    expect(await texts('tax')).toHaveLength(2);
    const failing = chunksOf(['Trains', 'run']).map((chunk) => ({ ...chunk, tokens: NaN }));
    const file = { vectorStoreId: 'vs', fileId: 'file', filename: 'file.txt', attributes: {} };
    await expect(index.replaceFile(scope, file, failing)).rejects.toThrow();
    expect(await texts('trains')).toEqual([]);
    expect(await texts('tax')).toHaveLength(2);
    // What a killed process leaves: rows that nobody will ever show.
    await app.query(`UPDATE index_files SET state = 'writing' WHERE state = 'live'`);
    expect(await texts('tax')).toEqual([]);
    await put('file', TAXES);
    expect((await texts('tax')).sort()).toEqual([...TAXES].sort());
    await app.get(IndexUpkeep).tidy();
    expect(await texts('tax')).toHaveLength(2);
    expect(await rowsOf('index_chunks')).toEqual([{ count: 2 }]);
    expect(await rowsOf('index_files')).toEqual([{ count: 1 }]);
  });

  it('finds the passage among manuals that are long and alike', async () => {
    const documents = alikeDocuments();
    const strategy = { type: 'static', maxTokens: 200, overlapTokens: 100 } as const;
    for (const { filename, document } of documents) {
      const file = { vectorStoreId: 'vs', fileId: filename, filename, attributes: {} };
      await index.replaceFile(scope, file, await chunkDocument(document, { strategy }));
    }
    const missed: string[] = [];
    for (const { filename, question, answer } of documents) {
      const hits = await index.search(scope, { vectorStoreIds: ['vs'], queries: [question], limit: 5 });
      const isFound = hits.some(({ fileId, chunk }) => fileId === filename && chunk.text.includes(answer));
      if (!isFound) missed.push(question);
    }
    expect(missed).toEqual([]);
  });

  it('searches and cleans a store in which many files came and went', async () => {
    await put('ships', SHIPS);
    await app.query(`UPDATE index_stores SET size = 2000000000 WHERE project_id = $1`, [scope.projectId]);
    await put('taxes', TAXES);
    await put(
      'many',
      Array.from({ length: 1100 }, (_, index) => `Number ${index}.`),
    );
    expect((await texts('tax')).sort()).toEqual([...TAXES].sort());
    expect(await texts('captain')).toEqual([SHIPS[1]]);
    expect(await texts('number 1050')).toContain('Number 1050.');
    await index.deleteFile(scope, 'vs', 'many');
    expect(await rowsOf('index_chunks')).toEqual([{ count: 4 }]);
    expect(await texts('number 1050')).toEqual([]);
    await index.deleteStore(scope, 'vs');
    expect(await rowsOf('index_chunks')).toEqual([{ count: 0 }]);
  });

  it('keeps what it read until the store’s version rises, whoever raises it', async () => {
    await put('ships', SHIPS);
    const names = async (): Promise<string[]> => [...new Set((await search('captain')).map((hit) => hit.filename))];
    const before = await names();
    await app.query(`UPDATE index_files SET filename = 'renamed.txt'`);
    expect(await names()).toEqual(before);
    await app.query(`UPDATE index_stores SET version = version + 1`);
    expect(await names()).toEqual(['renamed.txt']);
    await app.query(`DELETE FROM index_postings WHERE term LIKE 'captain%'`);
    expect(await names()).toEqual(['renamed.txt']);
    await app.query(`UPDATE index_stores SET version = version + 1`);
    expect(await names()).toEqual([]);
  });

  it('has the places of deleted rows used again where the database does not do so', async () => {
    const bytes = async (): Promise<number> => {
      const [row] = await app.query<{ bytes: number }>(`SELECT pg_relation_size('index_postings')::int AS bytes`);
      return row?.bytes ?? 0;
    };
    await app.query(
      `INSERT INTO index_postings SELECT -1, 'term' || number, 0, true, decode(repeat('00', 400), 'hex')
       FROM generate_series(1, 25000) number`,
    );
    await app.query(`DELETE FROM index_postings WHERE store = -1`);
    const before = await bytes();
    await app.get(IndexVacuum).run();
    // The rows were the table's last, so that their places are not only free but gone.
    if (engine === 'embedded') expect(await bytes()).toBeLessThan(before / 2);
    else expect(await bytes()).toBeLessThanOrEqual(before);
  });

  it('does not show what is aborted', async () => {
    const abort = new AbortController();
    abort.abort();
    const file = { vectorStoreId: 'vs', fileId: 'file', filename: 'file.txt', attributes: {} };
    const written = index.replaceFile(scope, file, chunksOf(SHIPS), { signal: abort.signal });
    await expect(written).rejects.toThrow();
    expect(await texts('ship')).toEqual([]);
    expect(await rowsOf('index_chunks')).toEqual([{ count: 0 }]);
  });

  it('counts the chunks of files, each as it is now', async () => {
    await put('ships', SHIPS);
    await put('taxes', TAXES);
    await put('ships', SHIPS.slice(1));
    await index.deleteFile(scope, 'vs', 'taxes');
    await put('empty', []);
    const counts = [...(await index.countChunks(scope, ['vs', 'vs_none']))];
    expect(counts.sort()).toEqual([
      ['empty', 0],
      ['ships', SHIPS.length - 1],
    ]);
    expect(await index.countChunks({ projectId: 'proj_none' }, ['vs'])).toEqual(new Map());
  });

  it('takes a file without chunks', async () => {
    expect(await put('empty', [])).toBe(0);
    expect(await index.chunksOf(scope, 'vs', 'empty')).toEqual([]);
  });

  it('deletes a file and a store with every row', async () => {
    await put('ships', SHIPS);
    await put('taxes', TAXES);
    await index.deleteFile(scope, 'vs', 'ships');
    await index.deleteFile(scope, 'vs', 'no such file');
    expect(await texts('ship')).toEqual([]);
    expect(await index.chunksOf(scope, 'vs', 'ships')).toEqual([]);
    expect(await rowsOf('index_chunks')).toEqual([{ count: 2 }]);
    await app.get(IndexUpkeep).tidy();
    const left = await app.query<{ term: string }>(
      `SELECT term FROM index_postings WHERE term LIKE '%captain%' AND store =
         (SELECT number FROM index_stores WHERE project_id = $1)`,
      [scope.projectId],
    );
    expect(left).toEqual([]);
    expect(await texts('tax')).toHaveLength(2);
    await index.deleteStore(scope, 'vs');
    await index.deleteStore(scope, 'no such store');
    expect(await texts('tax')).toEqual([]);
    for (const table of ['index_chunks', 'index_files', 'index_postings']) {
      expect(await rowsOf(table)).toEqual([{ count: 0 }]);
    }
  });

  it('finds the same after pieces were joined and files cleaned away', async () => {
    for (let file = 0; file < 12; file += 1) await put(`file-${file}`, [...SHIPS, ...TAXES, `Only ${file} zebra`]);
    for (const file of [2, 5, 11]) await index.deleteFile(scope, 'vs', `file-${file}`);
    const found = async (): Promise<[string, number][]> =>
      (await search('late tax zebra')).map(({ chunk, score }) => [chunk.text.replace(/\d+/, ''), score]);
    const expected = await found();
    const [store] = await app.query<{ number: number }>(`SELECT number FROM index_stores WHERE project_id = $1`, [
      scope.projectId,
    ]);
    const upkeep = app.get(IndexUpkeepRepository);
    for (const round of [1, 2]) {
      await upkeep.joinPieces(store?.number ?? 0);
      await app.get(IndexUpkeep).tidy();
      expect(await found()).toEqual(expected);
      if (round === 1) await put('file-0', [...SHIPS, ...TAXES, 'Only 0 zebra']);
    }
  });

  it('joins pieces to what fits into a page of the database, and loses nothing by it', async () => {
    for (let file = 0; file < 6; file += 1) await put(`file-${file}`, new Array<string>(1000).fill('zebra'));
    const pieces = (): Promise<{ store: number; bytes: number }[]> =>
      app.query(
        `SELECT store, octet_length(data) AS bytes FROM index_postings WHERE term = 'zebra' AND store =
           (SELECT number FROM index_stores WHERE project_id = $1)`,
        [scope.projectId],
      );
    const before = await pieces();
    await app.get(IndexUpkeepRepository).joinPieces(before[0]?.store ?? 0);
    const after = await pieces();
    expect([before.length, after.length]).toEqual([12, 2]);
    expect(Math.max(...after.map(({ bytes }) => bytes))).toBeLessThan(8000);
    const sum = (list: { bytes: number }[]): number => list.reduce((total, { bytes }) => total + bytes, 0);
    expect(sum(after)).toBe(sum(before));
  });

  it('cleans up after a store whose project is gone', async () => {
    await put('ships', SHIPS);
    await app.query(`DELETE FROM projects WHERE id = $1`, [scope.projectId]);
    expect(await texts('ship')).toEqual([]);
    await app.get(IndexUpkeep).tidy();
    expect(await app.query(`SELECT 1 FROM index_stores WHERE project_id IS NULL`)).toEqual([]);
    expect(await rowsOf('index_chunks')).toEqual([{ count: 0 }]);
  });

  describe('of two tenants with equal documents', () => {
    it('gives each what it would have alone, and nothing of the other', async () => {
      const other = await app.project();
      await put('taxes', TAXES);
      await put('ships', SHIPS);
      const alone = await search('late tax on ships');
      const file = { vectorStoreId: 'vs', filename: 'taxes.txt', attributes: {} };
      for (const fileId of ['taxes', 'more', 'and-more']) {
        await index.replaceFile(other, { ...file, fileId }, chunksOf([...TAXES, 'A tax, a late tax.', 'ships']));
      }
      expect(await search('late tax on ships')).toEqual(alone);
      await index.deleteFile(other, 'vs', 'taxes');
      await index.deleteStore(other, 'vs');
      expect(await search('late tax on ships')).toEqual(alone);
    });

    it('gives nothing for the id of a foreign store, and changes nothing there', async () => {
      const other = await app.project();
      await put('ships', SHIPS, 'vs-mine');
      expect(await search('ship', 'vs-mine', other)).toEqual([]);
      expect(await index.chunksOf(other, 'vs-mine', 'ships')).toEqual([]);
      await index.setAttributes(other, 'vs-mine', 'ships', { stolen: true });
      await index.deleteFile(other, 'vs-mine', 'ships');
      await index.deleteStore(other, 'vs-mine');
      const hits = await search('ship', 'vs-mine');
      expect(hits).toHaveLength(2);
      expect(hits[0]?.attributes).toEqual({});
    });
  });
});
