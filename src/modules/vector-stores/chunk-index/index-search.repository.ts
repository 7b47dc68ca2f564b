import { Injectable } from '@nestjs/common';
import {
  decodeSketch,
  type AttributeFilter,
  type Attributes,
  type Chunk,
  type IndexScope,
  type Range,
  type Sketch,
  type StorePostings,
} from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import { attributeCondition } from './attribute-filter-sql.js';

/** A chunk with what is known of its file. */
export interface FoundChunk {
  store: number;
  /** Its number in the store. */
  number: number;
  vectorStoreId: string;
  fileId: string;
  filename: string;
  attributes: Attributes;
  chunk: Chunk;
  sketch: Sketch;
}

interface ChunkRow {
  store: number;
  number: number;
  first_chunk: number;
  text: string;
  start_offset: number;
  tokens: number;
  page: number | null;
  headings: string[];
}

interface FoundRow extends ChunkRow {
  sketch: Buffer;
  vector_store_id: string;
  file_id: string;
  filename: string;
  attributes: Attributes;
}

interface LookupRow {
  store: number;
  term: string | null;
  data: Buffer | null;
  size: number;
  chunks: number;
  hidden: string | null;
  admitted: string | null;
  embedding_model: string | null;
}

/** What a store says of a search's terms, and whether it can be searched by vectors. */
export interface StoreView extends StorePostings {
  /** What all of its vectors are made with; null where they are not all there. */
  embeddingModel: string | null;
}

const CHUNK_COLUMNS = 'c.store, c.number, c.first_chunk, c.text, c.start_offset, c.tokens, c.page, c.headings';
/** A file's stretch of chunk numbers in text: thousands of them are read faster so than as an array. */
const STRETCHES = `string_agg(f.first_chunk || ' ' || f.first_chunk + f.chunks, ',')`;

/** Reads the index. The project is part of every statement: what is of another is not even found and thrown away. */
@Injectable()
export class IndexSearchRepository {
  constructor(private readonly database: Database) {}

  /** What the stores say of the terms: one round trip, and one snapshot. */
  async lookUp(
    scope: IndexScope,
    vectorStoreIds: readonly string[],
    terms: readonly string[],
    filter: AttributeFilter | undefined,
  ): Promise<StoreView[]> {
    const values: unknown[] = [scope.projectId, vectorStoreIds, terms];
    const rows = await this.database.manager.query<LookupRow[]>(
      `WITH stores AS MATERIALIZED (
         SELECT number, size, chunks, embedding_model FROM index_stores
         WHERE project_id = $1 AND vector_store_id = ANY($2)
       )
       SELECT s.number AS store, NULL AS term, NULL AS data, s.size, s.chunks,
         (SELECT ${STRETCHES} FROM index_files f WHERE f.store = s.number AND f.state <> 'live') AS hidden,
         ${admittedColumn(filter, values)} AS admitted, s.embedding_model
       FROM stores s
       UNION ALL
       SELECT p.store, p.term, p.data, NULL, NULL, NULL, NULL, NULL
       FROM stores s JOIN index_postings p ON p.store = s.number WHERE p.term = ANY($3)`,
      values,
    );
    return storesOf(rows, filter !== undefined);
  }

  /**
   * The chunks that are still there, in no order. The subqueries are fences: the planner, which knows nothing of how the
   * numbers are spread, would join in an order that reads every wanted chunk once for each file.
   */
  async find(scope: IndexScope, wanted: readonly { store: number; chunk: number }[]): Promise<FoundChunk[]> {
    const rows = await this.database.manager.query<FoundRow[]>(
      `WITH owned AS MATERIALIZED (
         SELECT number, vector_store_id FROM index_stores WHERE project_id = $1 AND number = ANY($2)
       ), found AS MATERIALIZED (
         SELECT * FROM index_chunks WHERE store = ANY(ARRAY(SELECT number FROM owned)) AND number = ANY($3)
       )
       SELECT ${CHUNK_COLUMNS}, c.sketch, s.vector_store_id, f.file_id, f.filename, f.attributes
       FROM found c JOIN owned s ON s.number = c.store,
       LATERAL (
         SELECT file_id, filename, attributes FROM index_files
         WHERE store = c.store AND first_chunk = c.first_chunk AND state = 'live' OFFSET 0
       ) f`,
      [scope.projectId, [...new Set(wanted.map(({ store }) => store))], wanted.map(({ chunk }) => chunk)],
    );
    return rows.map((row) => ({
      store: row.store,
      number: row.number,
      vectorStoreId: row.vector_store_id,
      fileId: row.file_id,
      filename: row.filename,
      attributes: row.attributes,
      chunk: chunkOf(row),
      sketch: decodeSketch(row.sketch),
    }));
  }

  /** A file's chunks in order. */
  async chunksOf(scope: IndexScope, vectorStoreId: string, fileId: string): Promise<Chunk[]> {
    const rows = await this.database.manager.query<ChunkRow[]>(
      `SELECT ${CHUNK_COLUMNS} FROM index_stores s
       JOIN index_files f ON f.store = s.number AND f.file_id = $3 AND f.state = 'live'
       JOIN index_chunks c ON c.store = f.store AND c.number >= f.first_chunk AND c.number < f.first_chunk + f.chunks
       WHERE s.project_id = $1 AND s.vector_store_id = $2 ORDER BY c.number`,
      [scope.projectId, vectorStoreId, fileId],
    );
    return rows.map(chunkOf);
  }
}

function admittedColumn(filter: AttributeFilter | undefined, values: unknown[]): string {
  if (filter === undefined) return 'NULL';
  const condition = attributeCondition(filter, 'f.attributes', (value) => `$${values.push(value)}`);
  return `(SELECT ${STRETCHES} FROM index_files f WHERE f.store = s.number AND f.state = 'live' AND ${condition})`;
}

function storesOf(rows: readonly LookupRow[], filtered: boolean): StoreView[] {
  const pieces = new Map<number, Map<string, Buffer[]>>();
  for (const { store, term, data } of rows) {
    if (term === null || data === null) continue;
    const terms = pieces.get(store) ?? new Map<string, Buffer[]>();
    pieces.set(store, terms);
    terms.set(term, [...(terms.get(term) ?? []), data]);
  }
  return rows
    .filter(({ term }) => term === null)
    .map(({ store, size, chunks, hidden, admitted, embedding_model }) => ({
      embeddingModel: embedding_model,
      ...{ store, size, chunks },
      hidden: rangesOf(hidden),
      admitted: filtered ? rangesOf(admitted) : null,
      postings: pieces.get(store) ?? new Map<string, Buffer[]>(),
    }));
}

function rangesOf(stretches: string | null): Range[] {
  if (stretches === null) return [];
  return stretches.split(',').map((stretch) => {
    const [start = 0, end = 0] = stretch.split(' ').map(Number);
    return { start, end };
  });
}

function chunkOf(row: ChunkRow): Chunk {
  return {
    index: row.number - row.first_chunk,
    text: row.text,
    start: row.start_offset,
    end: row.start_offset + row.text.length,
    tokens: row.tokens,
    page: row.page,
    headings: row.headings,
  };
}
