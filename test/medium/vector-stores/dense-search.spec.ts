import { Global, Module } from '@nestjs/common';
import { ModelError, type ChatModel, type EmbeddingModel, type Reranker } from '@libs/llm';
import type { ChunkIndex, IndexScope, SearchHit, SearchRequest } from '@libs/retrieval';
import { IndexUpkeep } from '../../../src/modules/vector-stores/chunk-index/index-upkeep.js';
import { VectorFiller } from '../../../src/modules/vector-stores/chunk-index/vector-filler.js';
import { SearchState } from '../../../src/modules/vector-stores/index.js';
import { MODEL_GATEWAY } from '../../../src/providers/models.module.js';
import { eventually } from '../../support/eventually.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { chunksOf, startIndexApp, type IndexApp } from './chunk-index-app.js';

/** Understands three things, whatever words they are said in. */
const MEANINGS = [/vessel|ship|boat/i, /levy|tax|duty/i, /storm|weather/i];

/** Judges by whether a passage is told of a boat, in the words that are wanted of it. */
let judgement = (passage: string): string => (passage.includes('boat') ? '9' : '1');
const judge: ChatModel = {
  async *stream({ messages }) {
    const content = messages.at(-1)?.content;
    const input = typeof content === 'string' ? content : '';
    const passages = [...input.matchAll(/<passage number="(\d+)">\n([^]*?)\n<\/passage>/g)];
    yield { type: 'text', text: passages.map(([, number, text]) => `${number}: ${judgement(text ?? '')}`).join('\n') };
  },
};

const asked: string[] = [];
let calls = 0;
let down = false;
let away = false;
/** What is embedded waits for it. */
let gate: Promise<void> = Promise.resolve();
/** Numbers that vectors have more than before. */
let longer = 0;
let silent = false;

/** Says nothing until its caller has had enough. */
function silence(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new ModelError('aborted', 'too long')));
  });
}

function vectorOf(text: string): Float32Array {
  return Float32Array.from([0.1, ...MEANINGS.map((m) => +m.test(text)), ...Array<number>(longer).fill(0)]);
}

const embeddings: EmbeddingModel = {
  async embed({ texts }, { signal } = {}) {
    if (silent) await silence(signal);
    await gate;
    calls += 1;
    if (away) throw new ModelError('unavailable', 'away');
    if (down || texts.some((text) => text.includes('poison'))) throw new ModelError('rejected', 'down');
    if (texts.some((text) => text.includes('curse'))) throw new Error('No answer that anyone could read');
    asked.push(...texts);
    return {
      vectors: texts.map((text) => vectorOf(text)),
      promptTokens: 0,
    };
  },
};
const reranker: Reranker = {
  async rerank({ documents }, { signal } = {}) {
    if (silent) await silence(signal);
    if (down) throw new ModelError('unavailable', 'down');
    return documents.map((text) => (text.includes('storm') ? 5 : -5));
  },
};

@Global()
@Module({
  providers: [
    {
      provide: MODEL_GATEWAY,
      useValue: {
        embeddings: async () => embeddings,
        reranker: async () => reranker,
        resolve: async () => ({ chat: judge }),
      },
    },
  ],
  exports: [MODEL_GATEWAY],
})
class FakeModelsModule {}

const TEXTS = ['A levy is due in spring.', 'The boat left the harbour.', 'A storm came up in the night.'];

describeOnEachEngine('search by vectors', (engine) => {
  let app: IndexApp;
  let index: ChunkIndex;
  let scope: IndexScope;
  beforeAll(async () => {
    const environment = {
      EMBEDDING_MODEL: 'meanings',
      RERANK_MODEL: 'storms',
      RERANK_CHAT_MODEL: 'judge',
      EMBEDDING_BATCH_SIZE: '2',
      SEARCH_MODEL_PATIENCE_SECONDS: '1',
    };
    app = await startIndexApp({ engine, environment, modules: [FakeModelsModule] });
    index = app.index;
  });
  beforeEach(async () => {
    down = false;
    away = false;
    scope = await app.project();
    asked.length = 0;
  });
  afterAll(() => app?.close());

  const put = (fileId = 'file', texts = TEXTS, attributes = {}): Promise<number> =>
    index.replaceFile(scope, { vectorStoreId: 'vs', fileId, filename: 'f', attributes }, chunksOf(texts));
  const search = (query: string, changes: Partial<SearchRequest> = {}): Promise<SearchHit[]> =>
    index.search(scope, { vectorStoreIds: ['vs'], queries: [query], limit: 10, ranker: 'none', ...changes });
  const best = async (query: string, changes: Partial<SearchRequest> = {}): Promise<string | undefined> =>
    (await search(query, changes))[0]?.chunk.text;
  const fillAll = (): Promise<void> => app.get(VectorFiller).fillAll(new AbortController().signal);
  const modelOfStore = async ({ projectId } = scope): Promise<unknown> => {
    const sql = `SELECT embedding_model AS model FROM index_stores WHERE project_id = $1`;
    return (await app.query<{ model: unknown }>(sql, [projectId]))[0]?.model;
  };
  const hasVectors = (): boolean => app.get(SearchState).report().dense.startsWith('pgvector');

  it('says by what it searches', () => {
    const { lexical, dense } = app.get(SearchState).report();
    expect(lexical).toBe('bm25');
    expect(dense).toMatch(engine === 'embedded' ? /^pgvector \d/ : /^(pgvector \d|off: )/);
  });

  it('finds what means the same in other words, where there is pgvector', async () => {
    await put();
    expect(await best('tax')).toBe(hasVectors() ? TEXTS[0] : undefined);
    expect(await best('harbour')).toBe(TEXTS[1]);
    const { length } = await search('tax', { hybrid: { embeddingWeight: 0, textWeight: 1 } });
    expect(length).toBe(0);
  });

  it('embeds each text once, and what failed later', async () => {
    if (!hasVectors()) return;
    await put();
    await put('again');
    expect(asked).toEqual(TEXTS);
    down = true;
    await put('more', ['A ship in June.']);
    expect(await best('June')).toBe('A ship in June.');
    down = false;
    await fillAll();
    expect(await best('vessel in July', { filter: { type: 'eq', key: 'none', value: 1 } })).toBeUndefined();
    expect((await search('vessel', { limit: 3 })).map(({ fileId }) => fileId)).toContain('more');
  });

  it('embeds for each tenant what it has in common with another', async () => {
    if (!hasVectors()) return;
    await put();
    scope = await app.project();
    await put();
    expect(asked).toEqual([...TEXTS, ...TEXTS]);
  });

  it('takes no store for whole in which a chunk has no vector, whichever file comes last', async () => {
    if (!hasVectors()) return;
    const modelOf = async (): Promise<unknown> =>
      (
        await app.query(`SELECT number, embedding_model AS model FROM index_stores WHERE project_id = $1`, [
          scope.projectId,
        ])
      )[0];
    await put();
    down = true;
    await put('more', ['A ship in June.']);
    down = false;
    // The first file's worker is another process, and slower.
    const { number } = (await modelOf()) as { number: number };
    await app.get(VectorFiller).afterWriting({ store: number, firstChunk: 0, chunks: TEXTS.length });
    expect(await modelOf()).toEqual({ number, model: null });
    await fillAll();
    expect(await modelOf()).toEqual({ number, model: 'meanings' });
  });

  it('lets no text that the model refuses keep others from their vectors, in its store or behind it', async () => {
    if (!hasVectors()) return;
    const poisoned = scope;
    await put('file', [...TEXTS, 'The poison of the adder.', `A tempest of weather. ${'more '.repeat(200)}poison`]);
    expect(await modelOfStore()).toBe('meanings');
    expect((await search('tax')).map(({ chunk }) => chunk.text)[0]).toBe(TEXTS[0]);
    expect(await best('adder')).toBe('The poison of the adder.');
    const wordless = { hybrid: { embeddingWeight: 1, textWeight: 0 } };
    const found = await search('tax', wordless);
    expect(found.map(({ chunk }) => chunk.text)).not.toContain('The poison of the adder.');
    expect(found.every(({ score }) => score >= 0)).toBe(true);

    down = true;
    await put('more', ['The curse of the boat.']);
    scope = await app.project();
    await put();
    down = false;
    await fillAll();
    expect(await modelOfStore(poisoned)).toBeNull();
    expect(await best('tax')).toBe(TEXTS[0]);
    await index.deleteStore(poisoned, 'vs');
  });

  it('asks a model that is away once, not for each file, and embeds them when it is back', async () => {
    if (!hasVectors()) return;
    away = true;
    calls = 0;
    await put('one', ['A levy is due.']);
    await put('two', ['The boat left.']);
    expect(calls).toBe(1);
    expect(await best('boat')).toBe('The boat left.');
    expect(app.get(VectorFiller).hasLeftSome).toBe(true);
    away = false;
    await fillAll();
    expect(app.get(VectorFiller).hasLeftSome).toBe(false);
    expect(await best('tax')).toBe('A levy is due.');
    await put('three', ['A storm came.']);
    expect(await modelOfStore()).toBe('meanings');
  });

  it('embeds anew what another model had embedded', async () => {
    if (!hasVectors()) return;
    await put();
    await app.query(`UPDATE index_vectors SET model = 'old', embedding = '[1,0]'`);
    await app.query(`UPDATE index_stores SET embedding_model = 'old', dimensions = 2`);
    expect(await best('tax')).toBeUndefined();
    await fillAll();
    expect(await best('tax')).toBe(TEXTS[0]);
    const stores = await app.query(`SELECT embedding_model, dimensions FROM index_stores WHERE project_id = $1`, [
      scope.projectId,
    ]);
    expect(stores).toEqual([{ embedding_model: 'meanings', dimensions: 4 }]);
  });

  it.each(['a question', 'a file'])('embeds anew where %s shows that vectors are of another length', async (what) => {
    if (!hasVectors()) return;
    await put();
    longer += 1;
    if (what === 'a file') await put('more', [`A ship of ${longer} masts.`]);
    else expect(await best('tax')).toBeUndefined();
    expect(await modelOfStore()).toBeNull();
    await fillAll();
    expect(await best('tax')).toBe(TEXTS[0]);
    const lengths = await app.query(
      `SELECT DISTINCT vector_dims(v.embedding) AS length, s.dimensions FROM index_vectors v
       JOIN index_stores s ON s.number = v.store WHERE s.project_id = $1`,
      [scope.projectId],
    );
    expect(lengths).toEqual([{ length: 4 + longer, dimensions: 4 + longer }]);
    await put('again');
    expect(await modelOfStore()).toBe('meanings');
  });

  it.each(['file', 'store'])('keeps no vectors of a %s that goes while it is embedded', async (what) => {
    if (!hasVectors()) return;
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const putting = put('gone', [`A ${what} of boats.`]);
    const chunks = (): Promise<{ store: number }[]> =>
      app.query(`SELECT store FROM index_chunks WHERE text = $1`, [`A ${what} of boats.`]);
    await eventually(async () => expect(await chunks()).toHaveLength(1));
    const [row] = await chunks();
    await (what === 'file' ? index.deleteFile(scope, 'vs', 'gone') : index.deleteStore(scope, 'vs'));
    open();
    await putting;
    expect(await app.query(`SELECT 1 FROM index_vectors WHERE store = $1`, [row?.store])).toEqual([]);
  });

  it('filters, keeps to the tenant, and forgets what is deleted', async () => {
    if (!hasVectors()) return;
    await put('one', TEXTS, { year: 1 });
    await put('two', TEXTS, { year: 2 });
    const hits = await search('tax', { filter: { type: 'eq', key: 'year', value: 2 } });
    expect(new Set(hits.map(({ fileId }) => fileId))).toEqual(new Set(['two']));
    const request = { vectorStoreIds: ['vs'], queries: ['tax'], limit: 10 };
    expect(await index.search(await app.project(), request)).toEqual([]);
    await index.deleteStore(scope, 'vs');
    const left = await app.query(
      `SELECT 1 FROM index_vectors WHERE store NOT IN (SELECT number FROM index_stores WHERE project_id IS NOT NULL)`,
    );
    expect(left).toEqual([]);
  });

  it('removes what is left of stores that are no more', async () => {
    if (!hasVectors()) return;
    await put();
    await app.query(`INSERT INTO index_vectors SELECT -store, number, number, model, embedding FROM index_vectors`);
    await app.get(IndexUpkeep).tidy();
    expect(await app.query(`SELECT DISTINCT store > 0 AS lives FROM index_vectors`)).toEqual([{ lives: true }]);
  });

  it('searches by words where the models are silent', async () => {
    await put();
    down = true;
    expect(await best('harbour', { ranker: 'auto' })).toBe(TEXTS[1]);
  });

  it('waits no longer for models that say nothing than they have time to', async () => {
    await put();
    silent = true;
    try {
      expect(await best('harbour', { ranker: 'auto' })).toBe(TEXTS[1]);
    } finally {
      silent = false;
    }
  });

  it('has a chat model rank where that is asked for, and does without where its reply says nothing', async () => {
    await put();
    const query = 'levy, boat and storm';
    expect(await best(query, { ranker: 'llm' })).toBe(TEXTS[1]);
    expect((await search(query, { ranker: 'llm' })).map(({ score }) => score)).toEqual([0.9, 0.1, 0.1]);
    const former = judgement;
    judgement = () => 'fine';
    try {
      expect(await search(query, { ranker: 'llm' })).toEqual(await search(query));
    } finally {
      judgement = former;
    }
  });

  it('joins the chunks around a result to it, and shows none of them twice', async () => {
    await put('file', [...TEXTS, 'The end.']);
    const hits = await search('boat harbour', { neighbours: 1, hybrid: { embeddingWeight: 0, textWeight: 1 } });
    expect(hits.map(({ chunk }) => chunk.text)).toEqual([TEXTS.join('')]);
    expect(hits[0]?.chunk).toMatchObject({ index: 1, start: 0, end: TEXTS.join('').length });
  });

  it('finds nothing relevant in documents about something else, by words or by vectors', async () => {
    await put('file', [...TEXTS, 'Storms are rare in summer.', 'A night of bad weather.']);
    const relevant = { onlyRelevant: true };
    const foreign = 'night trains between distant capital cities';
    expect(await best(foreign)).toBeDefined();
    expect(await search(foreign, relevant)).toEqual([]);
    expect(await best('who left the harbour in the night', relevant)).toBe(TEXTS[1]);
    expect(await best('tax', relevant)).toBe(hasVectors() ? TEXTS[0] : undefined);
    const byWords = { hybrid: { embeddingWeight: 0, textWeight: 1 } };
    expect(await search('tax', { ...relevant, ...byWords })).toEqual([]);
    const ranked = await search('the boat left the harbour', { ...relevant, ranker: 'auto' });
    expect(ranked.map(({ chunk }) => chunk.text)).toEqual(hasVectors() ? [TEXTS[2]] : []);
  });

  it('ranks preferred files by their vectors as well', async () => {
    if (!hasVectors()) return;
    const files = ['one', 'two', 'three'];
    for (const file of files) await put(file, [`The boat of number ${file}.`]);
    for (const file of files) {
      expect((await search('vessel', { preferredFiles: [file] }))[0]?.fileId).toBe(file);
    }
  });

  it('reranks, unless it is declined, and by its scores goes the threshold', async () => {
    await put('file', ['night night harbour', 'a storm in the night']);
    expect(await best('night harbour', { ranker: 'auto' })).toBe('a storm in the night');
    expect(await best('night harbour')).toBe('night night harbour');
    expect(await search('night', { ranker: 'auto', scoreThreshold: 0.5 })).toHaveLength(1);
  });
});

describe('search as the server is set', () => {
  let app: IndexApp;
  let scope: IndexScope;
  beforeAll(async () => {
    const environment = {
      EMBEDDING_MODEL: 'meanings',
      RAG_USE_HYBRID_SEARCH: 'false',
      RAG_NEIGHBOURS: '1',
      RAG_MIN_SCORE_THRESHOLD: '0.5',
      // There is no RERANK_MODEL: the chat model ranks without being asked for.
      RERANK_CHAT_MODEL: 'judge',
    };
    app = await startIndexApp({ environment, modules: [FakeModelsModule] });
    scope = await app.project();
    const file = { vectorStoreId: 'vs', fileId: 'file', filename: 'f', attributes: {} };
    await app.index.replaceFile(scope, file, chunksOf(TEXTS));
  });
  afterAll(() => app?.close());

  const question = 'Which duty is there in the harbour?';

  it.each<[string, Partial<SearchRequest>, string[]]>([
    ['by vectors, with neighbours, from a score up', { ranker: 'none' }, [`${TEXTS[0]}${TEXTS[1]}`]],
    ['without neighbours where they are declined', { ranker: 'none', neighbours: 0 }, [TEXTS[0] ?? '']],
    ['as the chat model ranks', { neighbours: 0 }, [TEXTS[1] ?? '']],
  ])('%s', async (_, changes, expected) => {
    const request = { vectorStoreIds: ['vs'], queries: [question], limit: 10, ...changes };
    expect((await app.index.search(scope, request)).map(({ chunk }) => chunk.text)).toEqual(expected);
  });

  it('by words as well where that is asked for', async () => {
    const hybrid = { embeddingWeight: 1, textWeight: 1 };
    const changes = { ...{ ranker: 'none', neighbours: 0, scoreThreshold: 0 }, limit: 1 };
    const best = async (more: Partial<SearchRequest>): Promise<string | undefined> => {
      const request = { vectorStoreIds: ['vs'], queries: ['tax in the harbour'], ...changes, ...more };
      return (await app.index.search(scope, request))[0]?.chunk.text;
    };
    expect(await best({})).toBe(TEXTS[0]);
    expect(await best({ hybrid })).toBe(TEXTS[1]);
  });
});
