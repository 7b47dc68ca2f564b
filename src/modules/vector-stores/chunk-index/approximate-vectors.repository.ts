import { Injectable } from '@nestjs/common';
import type { IndexScope, ScoredChunk } from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import { attributeCondition } from './attribute-filter-sql.js';
import { FEWEST_INDEXED, indexCondition, vectorColumn, VectorIndexes, type ApproximateType } from './vector-indexes.js';
import type { VectorSearch } from './vector-search.js';

interface Admitted {
  store: number;
  /** Numbers of their first chunks. */
  files: number[] | null;
  chunks: number | null;
  /** Of all files. */
  all: number;
}

/**
 * How far an index is gone through. `iterative_scan` goes on where a filter took too many of the nearest away: without it
 * a search for twenty among a few files finds none.
 */
const SETTINGS: Record<ApproximateType, string> = {
  hnsw: `SET LOCAL hnsw.ef_search = 100; SET LOCAL hnsw.iterative_scan = relaxed_order`,
  ivf: `SET LOCAL ivfflat.probes = 10; SET LOCAL ivfflat.iterative_scan = relaxed_order`,
};

/** Where a filter admits less than this share, an index loses too much of it: ADR 0026. */
const LEAST_SHARE = 0.5;

/** Searches the indexes of large stores. */
@Injectable()
export class ApproximateVectorsRepository {
  constructor(
    private readonly database: Database,
    private readonly indexes: VectorIndexes,
  ) {}

  /**
   * As the exact search; null where that is to be done: a store has no index, or few chunks are admitted, as of
   * certain files.
   */
  async search(
    scope: IndexScope,
    request: VectorSearch,
    vector: string,
    fewest = FEWEST_INDEXED,
  ): Promise<ScoredChunk[] | null> {
    if (!this.indexes.isOn || request.files !== undefined) return null;
    const admitted = await this.admitted(scope, request);
    const chunks = admitted.reduce((sum, each) => sum + (each.chunks ?? 0), 0);
    const all = admitted.reduce((sum, each) => sum + each.all, 0);
    if (chunks < Math.max(fewest, LEAST_SHARE * all)) return null;
    const dimensions = request.vector.length;
    const types = admitted.map(({ store }) => this.indexes.typeFor(store, dimensions));
    if (types.includes(null)) return null;
    const found: ScoredChunk[] = [];
    for (const [index, each] of admitted.entries()) {
      const type = types[index];
      if (type) found.push(...(await this.searchStore(each, type, request, vector)));
    }
    return found.sort((one, other) => other.score - one.score).slice(0, request.limit);
  }

  private admitted(scope: IndexScope, { vectorStoreIds, filter }: VectorSearch): Promise<Admitted[]> {
    const values: unknown[] = [scope.projectId, vectorStoreIds];
    const condition =
      filter === undefined ? 'TRUE' : attributeCondition(filter, 'f.attributes', (value) => `$${values.push(value)}`);
    return this.database.manager.query<Admitted[]>(
      `SELECT f.store, sum(f.chunks)::int AS all, array_agg(f.first_chunk) FILTER (WHERE ${condition}) AS files,
         (sum(f.chunks) FILTER (WHERE ${condition}))::int AS chunks
       FROM index_stores s JOIN index_files f ON f.store = s.number
       WHERE s.project_id = $1 AND s.vector_store_id = ANY($2) AND f.state = 'live' GROUP BY f.store`,
      values,
    );
  }

  /** The store was found for the project; its number stands in the text, since only so its index is recognised. */
  private searchStore(
    { store, files }: Admitted,
    type: ApproximateType,
    { model, limit, vector: { length } }: VectorSearch,
    vector: string,
  ): Promise<ScoredChunk[]> {
    const distance = `${vectorColumn(length)} <=> $1::halfvec(${Math.trunc(length)})`;
    return this.database.transaction(async () => {
      await this.database.manager.query(SETTINGS[type]);
      const rows = await this.database.manager.query<{ number: number; similarity: number }[]>(
        `SELECT number, 1 - (${distance}) AS similarity FROM index_vectors
         WHERE ${indexCondition(store, length)} AND model = $2 AND first_chunk = ANY($3)
         ORDER BY ${distance} LIMIT $4`,
        [vector, model, files ?? [], limit],
      );
      return rows.map(({ number, similarity }) => ({ store, chunk: number, score: Math.max(0, similarity) }));
    });
  }
}
