import { Global, Module } from '@nestjs/common';
import type { EmbeddingModel } from '@libs/llm';
import type { IndexScope, ScoredChunk } from '@libs/retrieval';
import { ApproximateVectorsRepository } from '../../../src/modules/vector-stores/chunk-index/approximate-vectors.repository.js';
import { IndexVectorsRepository } from '../../../src/modules/vector-stores/chunk-index/index-vectors.repository.js';
import { VectorIndexes } from '../../../src/modules/vector-stores/chunk-index/vector-indexes.js';
import { MODEL_GATEWAY } from '../../../src/providers/models.module.js';
import { describeWith } from '../../support/requirements.js';
import { chunksOf, startIndexApp, type IndexApp } from './chunk-index-app.js';

const DIMENSIONS = 16;

/** Points that have no order anybody would guess, the same for a text each time. */
function pointOf(text: string): Float32Array {
  let state = [...text].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), 7);
  return Float32Array.from({ length: DIMENSIONS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

const embeddings: EmbeddingModel = {
  embed: async ({ texts }) => ({ vectors: texts.map(pointOf), promptTokens: 0 }),
};

@Global()
@Module({
  providers: [{ provide: MODEL_GATEWAY, useValue: { embeddings: async () => embeddings } }],
  exports: [MODEL_GATEWAY],
})
class PointsModule {}

const FILES = 20;
const CHUNKS_A_FILE = 20;
const never = new AbortController().signal;

const TYPES = ['hnsw', 'ivf'] as const;

describe.each(TYPES)('an index of type %s over the vectors of a store (embedded)', (type) => {
  describeIndex('embedded', type);
});

// The embedded database has pgvector always; servers have it or not.
describeWith('pgvector', 'on a server with pgvector', () => {
  describe.each(TYPES)('an index of type %s over the vectors of a store', (type) => describeIndex('server', type));
});

function describeIndex(engine: 'embedded' | 'server', type: 'hnsw' | 'ivf'): void {
  let app: IndexApp;
  let scope: IndexScope;
  let foreign: IndexScope;
  beforeAll(async () => {
    const environment = { EMBEDDING_MODEL: 'points', RAG_INDEX_TYPE: type };
    app = await startIndexApp({ engine, environment, modules: [PointsModule] });
    scope = await app.project();
    foreign = await app.project();
    for (const owner of [scope, foreign]) {
      for (let file = 0; file < FILES; file += 1) {
        const texts = Array.from({ length: CHUNKS_A_FILE }, (_, index) => `text ${file} ${index} ${owner.projectId}`);
        const indexed = { vectorStoreId: 'vs', fileId: `file-${file}`, filename: 'f', attributes: { file } };
        await app.index.replaceFile(owner, indexed, chunksOf(texts));
      }
    }
    await app.get(VectorIndexes).tidy(never, 100);
  }, 60_000);
  afterAll(() => app?.close());

  const indexes = async (): Promise<string[]> =>
    (
      await app.query<{ indexname: string }>(
        `SELECT indexname FROM pg_indexes WHERE tablename = 'index_vectors' AND indexname LIKE 'index_vectors_${type}%'`,
      )
    ).map(({ indexname }) => indexname);
  const requestOf = (text: string, filter?: object) => ({
    ...{ vectorStoreIds: ['vs'], model: 'points', vector: pointOf(text), limit: 10 },
    filter: filter as never,
  });
  const chunks = (found: readonly ScoredChunk[] | null): number[] => (found ?? []).map(({ chunk }) => chunk);

  it('is there for each store', async () => {
    expect(await indexes()).toHaveLength(2);
  });

  it.each<[string, object | undefined]>([
    ['in the whole store', undefined],
    ['among the files that a filter admits', { type: 'lt', key: 'file', value: 12 }],
  ])('finds nearly all of what an exact search finds, %s', async (_, filter) => {
    let [shared, all] = [0, 0];
    for (let question = 0; question < 20; question += 1) {
      const request = requestOf(`question ${question}`, filter);
      const exact = chunks(await app.get(IndexVectorsRepository).searchExactly(scope, request));
      const vector = `[${request.vector.join(',')}]`;
      const found = chunks(await app.get(ApproximateVectorsRepository).search(scope, request, vector, 100));
      expect(found).toHaveLength(10);
      shared += found.filter((chunk) => exact.includes(chunk)).length;
      all += exact.length;
    }
    expect(shared / all).toBeGreaterThan(0.9);
  });

  it('is used', async () => {
    const [store] = await app.query<{ number: number }>(`SELECT number FROM index_stores WHERE project_id = $1`, [
      scope.projectId,
    ]);
    await app.query('SET enable_seqscan = off');
    const plan = await app.query<Record<string, string>>(
      `EXPLAIN SELECT number FROM index_vectors WHERE store = ${store?.number} AND vector_dims(embedding) = ${DIMENSIONS}
       ORDER BY (embedding::halfvec(${DIMENSIONS})) <=> '[${pointOf('x').join(',')}]'::halfvec(${DIMENSIONS}) LIMIT 10`,
    );
    await app.query('RESET enable_seqscan');
    expect(JSON.stringify(plan)).toContain(`index_vectors_${type}_${store?.number}_${DIMENSIONS}`);
  });

  it('is built anew where a build was broken off, or its lists are no longer for as many vectors', async () => {
    const names = (await indexes()).sort();
    const identities = (): Promise<{ name: string; oid: number; lists: number | null }[]> =>
      app.query(
        `SELECT relname AS name, oid::int, reloptions::text AS lists FROM pg_class WHERE relname = ANY($1) ORDER BY 1`,
        [names],
      );
    const [broken, outgrown] = await identities();
    await app.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1`, [broken?.oid]);
    if (type === 'ivf') await app.query(`ALTER INDEX ${outgrown?.name} SET (lists = 3)`);
    await app.get(VectorIndexes).tidy(never, 100);
    const after = await identities();
    expect(after.map(({ name }) => name)).toEqual(names);
    expect(after[0]?.oid).not.toBe(broken?.oid);
    expect(after[1]?.oid === outgrown?.oid).toBe(type === 'hnsw');
    expect(after[1]?.lists).toBe(outgrown?.lists);
    const invalid = `SELECT 1 FROM pg_index WHERE indrelid = 'index_vectors'::regclass AND NOT indisvalid`;
    expect(await app.query(invalid)).toEqual([]);
  });

  it('leaves a search among few chunks to an exact one', async () => {
    const request = requestOf('x', { type: 'eq', key: 'file', value: 3 });
    expect(await app.get(ApproximateVectorsRepository).search(scope, request, '[]', 100)).toBeNull();
  });

  it('goes when its store has, and comes back for no other', async () => {
    await app.index.deleteStore(foreign, 'vs');
    await app.get(VectorIndexes).tidy(never, 100);
    expect(await indexes()).toHaveLength(1);
    await app.get(VectorIndexes).tidy(never, 1000);
    expect(await indexes()).toHaveLength(0);
    const request = requestOf('x');
    expect(await app.get(IndexVectorsRepository).search(scope, request)).toHaveLength(10);
  });
}
