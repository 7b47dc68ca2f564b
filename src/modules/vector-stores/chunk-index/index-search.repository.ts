import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { decodeSketch, keyOf, type Attributes, type Chunk, type IndexScope, type Sketch } from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { Database } from '../../../database/database.js';
import { VersionedCache } from './versioned-cache.js';

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

const CHUNK_COLUMNS = 'c.store, c.number, c.first_chunk, c.text, c.start_offset, c.tokens, c.page, c.headings';
const BYTES_PER_MB = 1e6;
/** Beside what postings may take; a chunk's texts are read again more cheaply than a frequent term's postings. */
const CHUNKS_SHARE = 0.25;
/** A chunk's own share, beside its text and its sketch. */
const CHUNK_BYTES = 1000;

/** Reads chunks. The project is part of every statement: what is of another is not even found and thrown away. */
@Injectable()
export class IndexSearchRepository {
  private readonly cache: VersionedCache<FoundChunk>;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
  ) {
    this.cache = new VersionedCache(config.RAG_CACHE_MB * CHUNKS_SHARE * BYTES_PER_MB, bytesOf);
  }

  /**
   * The chunks that are still there, in no order. Those that were read at the same version of their store are known.
   * @param stores that were found for the project
   */
  async find(
    scope: IndexScope,
    wanted: readonly { store: number; chunk: number }[],
    stores: readonly { store: number; version: number }[],
  ): Promise<FoundChunk[]> {
    const versions = new Map(stores.map(({ store, version }) => [store, version]));
    const found: FoundChunk[] = [];
    const missing = wanted.filter((each) => {
      const kept = this.cache.get(keyOf(each), versions.get(each.store) ?? -1);
      if (kept !== undefined) found.push(kept);
      return kept === undefined;
    });
    if (missing.length === 0) return found;
    for (const chunk of await this.read(scope, missing)) {
      const key = keyOf({ store: chunk.store, chunk: chunk.number });
      this.cache.set(key, versions.get(chunk.store) ?? -1, chunk);
      found.push(chunk);
    }
    return found;
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

  /**
   * The subqueries are fences: the planner, which knows nothing of how the numbers are spread, would join in an order that
   * reads every wanted chunk once for each file. That a file is live is asked outside of them: within, the planner would
   * take the index of live files, and read all of the store's for each chunk.
   */
  private async read(scope: IndexScope, wanted: readonly { store: number; chunk: number }[]): Promise<FoundChunk[]> {
    const rows = await this.database.prepared<FoundRow>(
      'index-find',
      `SELECT ${CHUNK_COLUMNS}, c.sketch, s.vector_store_id, f.file_id, f.filename, f.attributes
       FROM index_stores s,
       LATERAL (SELECT * FROM index_chunks WHERE store = s.number AND number = ANY($3) OFFSET 0) c,
       LATERAL (SELECT * FROM index_files WHERE store = c.store AND first_chunk = c.first_chunk OFFSET 0) f
       WHERE s.project_id = $1 AND s.number = ANY($2) AND f.state = 'live'`,
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

/** Two bytes a character, and the sketch's. */
function bytesOf({ chunk, sketch }: FoundChunk): number {
  return CHUNK_BYTES + 2 * chunk.text.length + sketch.offsets.byteLength + sketch.hashes.byteLength;
}
