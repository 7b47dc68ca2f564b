import { Injectable } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import type { IndexScope, Range, ScoredChunk } from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import { ApproximateVectorsRepository } from './approximate-vectors.repository.js';
import { attributeCondition } from './attribute-filter-sql.js';
import type { VectorSearch } from './vector-search.js';

export type VectorSupport = { available: true; version: string } | { available: false; reason: string };

/** A chunk that has no vector of the model yet. */
export interface UnembeddedChunk {
  number: number;
  firstChunk: number;
  text: string;
}

/** In the place of the vector of a text that the model refuses: like no question, since no model's vectors are so short. */
const REFUSED = '[0]';

/** What vectors are made with. */
export interface MadeWith {
  model: string;
  /** Of its vectors, as far as it is known: another model may serve under the name of one before it. */
  length: number | undefined;
}

/** Two servers that start at once may both find nothing and then both create it; the second one fails and looks again. */
const TRIES = 3;

/**
 * Vectors of chunks, where the database has pgvector. The table is no migration's: it needs the extension, which may
 * come to a server, or go, after the migrations ran.
 */
@Injectable()
export class IndexVectorsRepository {
  private support: VectorSupport = { available: false, reason: 'not looked for yet' };

  constructor(
    private readonly database: Database,
    private readonly approximate: ApproximateVectorsRepository,
  ) {}

  get state(): VectorSupport {
    return this.support;
  }

  /** Makes what is missing, where the database allows it. */
  async prepare(): Promise<VectorSupport> {
    for (let tried = 1; tried <= TRIES; tried += 1) {
      try {
        this.support = await this.create();
        return this.support;
      } catch (error) {
        this.support = { available: false, reason: errorMessage(error) };
      }
    }
    return this.support;
  }

  /**
   * Null for a chunk that the model refuses: it lacks nothing, and no search by vectors finds it. Chunks that were
   * removed meanwhile get none: nobody would ever look for it again.
   */
  async insert(
    store: number,
    model: string,
    vectors: readonly { number: number; firstChunk: number; vector: Float32Array | null }[],
  ): Promise<void> {
    await this.query(
      `INSERT INTO index_vectors (store, number, first_chunk, model, embedding)
       SELECT $1, new.number, new.first_chunk, $2, new.embedding::halfvec
       FROM unnest($3::int[], $4::int[], $5::text[]) AS new(number, first_chunk, embedding)
       JOIN index_chunks c ON c.store = $1 AND c.number = new.number FOR KEY SHARE OF c
       ON CONFLICT (store, number) DO UPDATE SET model = excluded.model, embedding = excluded.embedding`,
      [
        ...[store, model],
        vectors.map(({ number }) => number),
        vectors.map(({ firstChunk }) => firstChunk),
        vectors.map(({ vector }) => (vector === null ? REFUSED : textOf(vector))),
      ],
    );
  }

  /** The most similar chunks, best first, with the cosine similarity as score. */
  async search(scope: IndexScope, request: VectorSearch): Promise<ScoredChunk[]> {
    const found = await this.approximate.search(scope, request, textOf(request.vector));
    return found ?? this.searchExactly(scope, request);
  }

  /** Over all that is admitted. */
  async searchExactly(scope: IndexScope, request: VectorSearch): Promise<ScoredChunk[]> {
    const values: unknown[] = [
      ...[scope.projectId, request.vectorStoreIds, request.model, textOf(request.vector), request.limit],
    ];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const { filter, files } = request;
    const ofFilter = filter === undefined ? 'TRUE' : attributeCondition(filter, 'f.attributes', bind);
    const condition = files === undefined ? ofFilter : `${ofFilter} AND f.file_id = ANY(${bind(files)}::text[])`;
    const rows = await this.query<{ store: number; number: number; similarity: number }[]>(
      `WITH admitted AS MATERIALIZED (
         SELECT f.store, f.first_chunk FROM index_stores s JOIN index_files f ON f.store = s.number
         WHERE s.project_id = $1 AND s.vector_store_id = ANY($2) AND f.state = 'live' AND ${condition}
       )
       SELECT v.store, v.number, 1 - (v.embedding <=> $4::halfvec) AS similarity
       FROM index_vectors v
       WHERE v.store = ANY(ARRAY(SELECT DISTINCT store FROM admitted)) AND v.model = $3
         AND (v.store, v.first_chunk) IN (SELECT store, first_chunk FROM admitted)
         AND vector_dims(v.embedding) = vector_dims($4::halfvec)
       ORDER BY v.embedding <=> $4::halfvec LIMIT $5`,
      values,
    );
    return rows.map(({ store, number, similarity }) => ({ store, chunk: number, score: Math.max(0, similarity) }));
  }

  /** Chunks within the range that have no vector of the model, in order. */
  async unembedded(store: number, made: MadeWith, range: Range, count: number): Promise<UnembeddedChunk[]> {
    const rows = await this.query<{ number: number; first_chunk: number; text: string }[]>(
      `SELECT c.number, c.first_chunk, c.text FROM index_chunks c
       WHERE c.store = $1 AND c.number >= $3 AND c.number < $4 AND NOT EXISTS (
         SELECT 1 FROM index_vectors v WHERE v.store = c.store AND v.number = c.number AND v.model = $2
           AND ($6::int IS NULL OR vector_dims(v.embedding) IN (1, $6)))
       ORDER BY c.number LIMIT $5`,
      [store, made.model, range.start, range.end, count, made.length ?? null],
    );
    return rows.map(({ number, first_chunk, text }) => ({ number, firstChunk: first_chunk, text }));
  }

  /** Stores with chunks whose vectors are not all of the model. */
  storesWithout(model: string): Promise<{ number: number; size: number }[]> {
    return this.query(
      `SELECT number, size FROM index_stores
       WHERE project_id IS NOT NULL AND chunks > 0 AND embedding_model IS DISTINCT FROM $1 ORDER BY number`,
      [model],
    );
  }

  /** Whose store it is, and what all of its vectors are made with; null where it belongs to nobody. */
  async ownerOf(store: number): Promise<(IndexScope & { model: string | null; length: number | null }) | null> {
    const [row] = await this.query<{ project_id: string; embedding_model: string | null; dimensions: number | null }[]>(
      `SELECT project_id, embedding_model, dimensions FROM index_stores WHERE number = $1 AND project_id IS NOT NULL`,
      [store],
    );
    if (row === undefined) return null;
    return { projectId: row.project_id, model: row.embedding_model, length: row.dimensions };
  }

  /**
   * Says that every chunk of the store has a vector of the model, if that is so: files come from several processes at
   * once, and any of them may have failed.
   */
  async setModelIfWhole(store: number, { model, length }: MadeWith): Promise<void> {
    await this.query(
      `UPDATE index_stores SET embedding_model = $2, dimensions = COALESCE($3::int, (
         SELECT vector_dims(embedding) FROM index_vectors
         WHERE store = $1 AND model = $2 AND vector_dims(embedding) > 1 LIMIT 1))
       WHERE number = $1 AND NOT EXISTS (
         SELECT 1 FROM index_chunks c WHERE c.store = $1
           AND EXISTS (SELECT 1 FROM index_files f
             WHERE f.store = c.store AND f.first_chunk = c.first_chunk AND f.state = 'live')
           AND NOT EXISTS (SELECT 1 FROM index_vectors v
             WHERE v.store = c.store AND v.number = c.number AND v.model = $2
               AND ($3::int IS NULL OR vector_dims(v.embedding) IN (1, $3))))`,
      [store, model, length ?? null],
    );
  }

  /** Says that chunks of the store lack a vector. */
  async unsetModel(store: number): Promise<void> {
    await this.query(`UPDATE index_stores SET embedding_model = NULL, dimensions = NULL WHERE number = $1`, [store]);
  }

  /** Deletes vectors of chunks that are no more. */
  async removeOrphans(store: number): Promise<void> {
    if (!this.support.available) return;
    await this.query(
      `DELETE FROM index_vectors v WHERE v.store = $1 AND NOT EXISTS (
         SELECT 1 FROM index_files f
         WHERE f.store = v.store AND f.first_chunk = v.first_chunk AND f.state <> 'gone')`,
      [store],
    );
  }

  /** Deletes vectors of stores that are no more: what a crash, or a time without pgvector, has left of them. */
  async removeOfNoStore(): Promise<void> {
    if (!this.support.available) return;
    // From one store to the next by the key: there may be millions of vectors, and there is hardly ever one to delete.
    const left = await this.query<{ store: number }[]>(
      `WITH RECURSIVE filled(store) AS (
         SELECT min(store) FROM index_vectors
         UNION ALL
         SELECT (SELECT min(v.store) FROM index_vectors v WHERE v.store > filled.store) FROM filled
         WHERE filled.store IS NOT NULL)
       SELECT store FROM filled
       WHERE store IS NOT NULL AND NOT EXISTS (SELECT 1 FROM index_stores s WHERE s.number = filled.store)`,
    );
    if (left.length === 0) return;
    await this.query(`DELETE FROM index_vectors WHERE store = ANY($1)`, [left.map(({ store }) => store)]);
  }

  private async create(): Promise<VectorSupport> {
    const offered = await this.query<{ default_version: string }[]>(
      `SELECT default_version FROM pg_available_extensions WHERE name = 'vector'`,
    );
    if (offered.length === 0) return { available: false, reason: 'the database has no pgvector' };
    await this.query(`CREATE EXTENSION IF NOT EXISTS vector`);
    await this.query(
      `CREATE TABLE IF NOT EXISTS index_vectors (
         store integer NOT NULL, number integer NOT NULL, first_chunk integer NOT NULL, model text NOT NULL,
         embedding halfvec NOT NULL, PRIMARY KEY (store, number))`,
    );
    const [installed] = await this.query<{ extversion: string }[]>(
      `SELECT extversion FROM pg_extension WHERE extname = 'vector'`,
    );
    return { available: true, version: installed?.extversion ?? '' };
  }

  private query<Result = unknown>(sql: string, values: unknown[] = []): Promise<Result> {
    return this.database.manager.query<Result>(sql, values);
  }
}

function textOf(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}
