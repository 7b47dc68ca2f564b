import type { SearchHit, SearchRequest } from '@libs/retrieval';
import type { ChunkSetsRepository } from './chunk-sets.repository.js';
import { StoreSearch } from './store-search.js';
import type { SummaryIndex } from './summaries/summary-index.js';
import type { StoreSearchRequest } from './vector-stores.types.js';

const SCOPE = { projectId: 'proj_1' };
const CHUNK = { index: 0, text: 't', start: 0, end: 1, tokens: 1, page: null, headings: [] };

/** A search in which chunk sets are there but for those that are named gone. */
function aSearch(found: readonly string[], gone: readonly string[] = []) {
  const asked: SearchRequest[] = [];
  const guidedBy: (readonly string[])[] = [];
  const hit = (fileId: string): SearchHit => ({
    ...{ vectorStoreId: 'vs', fileId, filename: 'f', attributes: {}, score: 1, chunk: CHUNK },
  });
  const index = {
    search: (_: object, request: SearchRequest) => {
      asked.push(request);
      return Promise.resolve(found.slice(0, request.limit).map(hit));
    },
  };
  const sets = {
    filesOf: (_: object, ids: readonly string[]) => {
      const file = { vectorStoreId: 'vs', attributes: {}, documentMetadata: null };
      const there = ids.filter((id) => !gone.includes(id));
      return Promise.resolve(new Map(there.map((id) => [id, { ...file, fileId: `file of ${id}` }])));
    },
  };
  const expander = {
    rewrite: (queries: readonly string[]) => Promise.resolve([...queries]),
    vary: (queries: readonly string[]) => Promise.resolve([...queries, 'variant']),
  };
  const summaries = {
    find: (_: object, ids: readonly string[], { queries }: StoreSearchRequest) => {
      guidedBy.push([...ids, ...queries]);
      return Promise.resolve(['best']);
    },
  };
  const search = new StoreSearch(
    index as never,
    sets as unknown as ChunkSetsRepository,
    expander,
    summaries as unknown as SummaryIndex,
  );
  return { search, asked, guidedBy };
}

describe('a search of stores', () => {
  const stores = [
    { id: 'plain', hasSummaries: false },
    { id: 'guided', hasSummaries: true },
  ];

  test('is for the variants of the question, too, and for the documents whose summaries answer them', async () => {
    const { search, asked, guidedBy } = aSearch(['a']);
    await search.search(SCOPE, stores, { queries: ['question'], limit: 5 });
    expect(asked).toMatchObject([
      { queries: ['question', 'variant'], vectorStoreIds: ['plain', 'guided'], preferredFiles: ['best'] },
    ]);
    expect(guidedBy).toEqual([['guided', 'question', 'variant']]);
  });

  test('asks no summaries where there are none', async () => {
    const { search, asked, guidedBy } = aSearch(['a']);
    await search.search(SCOPE, stores.slice(0, 1), { queries: ['question'], limit: 5 });
    expect(guidedBy).toEqual([]);
    expect(asked[0]?.preferredFiles).toBeUndefined();
  });

  test('asks for more where hits are of files that are gone', async () => {
    const { search, asked } = aSearch(['a', 'b', 'c', 'd'], ['a']);
    const hits = await search.search(SCOPE, stores, { queries: ['question'], limit: 2 });
    expect(hits.map(({ fileId }) => fileId)).toEqual(['file of b', 'file of c']);
    expect(asked.map(({ limit }) => limit)).toEqual([2, 4]);
  });
});
