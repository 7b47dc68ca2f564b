import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import {
  readPostings,
  type IndexScope,
  type Postings,
  type Range,
  type SearchRequest,
  type StorePostings,
} from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { Database } from '../../../database/database.js';
import { attributeCondition } from './attribute-filter-sql.js';
import { VersionedCache } from './versioned-cache.js';

interface StoreRow {
  vector_store_id: string;
  store: number;
  version: number;
  size: number;
  chunks: number;
  hidden: string | null;
  admitted: string | null;
  preferred: string | null;
  embedding_model: string | null;
  dimensions: number | null;
}

interface PostingsRow {
  store: number;
  term: string;
  /** Null where no chunk of the store has the term. */
  data: Buffer | null;
}

type LookupRow = (StoreRow & { term: null }) | PostingsRow;

/** What a store says of a search's terms, and whether it can be searched by vectors. */
export interface StoreView extends StorePostings {
  /** Changes whenever what searches see of the store does. */
  version: number;
  /** What all of its vectors are made with; null where they are not all there. */
  embeddingModel: string | null;
  /** Numbers of each of its vectors; null where they are not all there. */
  dimensions: number | null;
  /** The chunks that the search's filter admits of files that it prefers. */
  preferred: readonly Range[];
}

/** Which files a search goes for. */
export type FileChoice = Pick<SearchRequest, 'filter' | 'preferredFiles'>;

/** What one statement said. */
interface Answer {
  stores: StoreRow[];
  /** By store and term, for all terms that were asked for. */
  postings: Map<string, Buffer | null>;
}

/** A store as it was last seen, with those of a search's terms that are known of it at that version. */
interface Known {
  version: number;
  postings: Map<string, Postings>;
}

type FindPostings = (terms: readonly string[]) => Promise<Answer>;

/** A file's stretch of chunk numbers in text: thousands of them are read faster so than as an array. */
const STRETCHES = `string_agg(f.first_chunk || ' ' || f.first_chunk + f.chunks, ',')`;
const OWNED = 's.project_id = $1 AND s.vector_store_id = ANY($2)';
/**
 * No limit, but one that the planner cannot foresee, which has it read rows in the order of an index. Without statistics,
 * which the embedded database does not gather, it would go by a bitmap, and that visits the places of rows that are gone
 * anew for every search; others have the index leave them out.
 */
const IN_ORDER = 'LIMIT (SELECT NULL::bigint)';
const NOTHING = new Uint8Array();
const BYTES_PER_MB = 1e6;
/** An entry's own share, beside its numbers. */
const ENTRY_BYTES = 200;
const REMEMBERED_STORES = 10_000;

/**
 * Reads what stores say of terms: one round trip, and one snapshot. Terms are kept for as long as their store stays at
 * its version, which the same statement tells; the project is part of it, so that nobody reaches a foreign store's.
 */
@Injectable()
export class IndexLookupRepository {
  private readonly cache: VersionedCache<Postings>;
  /** By project and vector store. */
  private readonly seen = new Map<string, { store: number; version: number }>();

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
  ) {
    this.cache = new VersionedCache(config.RAG_CACHE_MB * BYTES_PER_MB, bytesOf);
  }

  async lookUp(
    scope: IndexScope,
    vectorStoreIds: readonly string[],
    terms: readonly string[],
    choice: FileChoice,
  ): Promise<StoreView[]> {
    const find: FindPostings = (wanted) => this.find(scope, vectorStoreIds, wanted, choice);
    const known = this.knownOf(scope, vectorStoreIds, terms);
    const missing = terms.filter((term) => [...known.values()].some((store) => store?.postings.has(term) !== true));
    let answer = await find(missing);
    // Something was changed since it was kept: what is known of the former state is of no use.
    const stale = answer.stores.some((row) => known.get(row.vector_store_id)?.version !== row.version);
    if (stale) known.clear();
    if (stale && missing.length < terms.length) answer = await find(terms);
    return answer.stores.map((row) => {
      this.remember(scope, row);
      const postings = new Map(known.get(row.vector_store_id)?.postings);
      for (const term of terms) {
        if (!postings.has(term)) postings.set(term, this.keep(row, term, answer.postings));
      }
      return viewOf(row, postings, choice.filter !== undefined);
    });
  }

  private knownOf(
    { projectId }: IndexScope,
    vectorStoreIds: readonly string[],
    terms: readonly string[],
  ): Map<string, Known | undefined> {
    return new Map(
      vectorStoreIds.map((id) => {
        const seen = this.seen.get(keyOf(projectId, id));
        if (seen === undefined) return [id, undefined];
        const postings = new Map<string, Postings>();
        for (const term of terms) {
          const kept = this.cache.get(keyOf(seen.store, term), seen.version);
          if (kept !== undefined) postings.set(term, kept);
        }
        return [id, { version: seen.version, postings }];
      }),
    );
  }

  private keep({ store, version }: StoreRow, term: string, found: Answer['postings']): Postings {
    const key = keyOf(store, term);
    const postings = readPostings(found.get(key) ?? NOTHING);
    this.cache.set(key, version, postings);
    return postings;
  }

  private remember({ projectId }: IndexScope, { vector_store_id, store, version }: StoreRow): void {
    if (this.seen.size >= REMEMBERED_STORES) this.seen.clear();
    this.seen.set(keyOf(projectId, vector_store_id), { store, version });
  }

  private async find(
    scope: IndexScope,
    vectorStoreIds: readonly string[],
    terms: readonly string[],
    { filter, preferredFiles }: FileChoice,
  ): Promise<Answer> {
    const values: unknown[] = [scope.projectId, vectorStoreIds];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const postings = terms.length === 0 ? '' : `UNION ALL ${postingsSql(bind(terms))}`;
    const admission = filter === undefined ? undefined : attributeCondition(filter, 'f.attributes', bind);
    const sql = `${storesSql(stretchesOf(admission), preferredColumn(preferredFiles, admission, bind))} ${postings}`;
    const rows =
      filter === undefined && preferredFiles === undefined
        ? await this.database.prepared<LookupRow>(terms.length === 0 ? 'index-stores' : 'index-lookup', sql, values)
        : await this.database.manager.query<LookupRow[]>(sql, values);
    const answer: Answer = { stores: [], postings: new Map() };
    for (const row of rows) {
      if (row.term === null) answer.stores.push(row);
      else answer.postings.set(keyOf(row.store, row.term), row.data);
    }
    return answer;
  }
}

function storesSql(admitted: string, preferred: string): string {
  return `SELECT s.number AS store, NULL AS term, NULL AS data, s.vector_store_id, s.version, s.size, s.chunks,
      (SELECT ${STRETCHES} FROM (
         SELECT first_chunk, chunks FROM index_files WHERE store = s.number AND state <> 'live' ${IN_ORDER}) f) AS hidden,
      ${admitted} AS admitted, ${preferred} AS preferred, s.embedding_model, s.dimensions
    FROM index_stores s WHERE ${OWNED}`;
}

/** All that the stores have of each term. */
function postingsSql(terms: string): string {
  return `SELECT s.number, wanted.term, (SELECT string_agg(data, '') FROM (
        SELECT data FROM index_postings WHERE store = s.number AND term = wanted.term ORDER BY piece ${IN_ORDER}) pieces),
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM index_stores s, unnest(${terms}::text[]) AS wanted(term) WHERE ${OWNED}`;
}

/** The stretches of the live files that fulfil the condition; none without one. */
function stretchesOf(condition: string | undefined): string {
  if (condition === undefined) return 'NULL';
  return `(SELECT ${STRETCHES} FROM index_files f WHERE f.store = s.number AND f.state = 'live' AND ${condition})`;
}

function preferredColumn(
  files: readonly string[] | undefined,
  admission: string | undefined,
  bind: (value: unknown) => string,
): string {
  if (files === undefined) return 'NULL';
  const condition = `f.file_id = ANY(${bind(files)}::text[])`;
  return stretchesOf(admission === undefined ? condition : `${condition} AND ${admission}`);
}

function viewOf(row: StoreRow, postings: Map<string, Postings>, filtered: boolean): StoreView {
  const { store, version, size, chunks } = row;
  return {
    ...{ store, version, size, chunks, postings },
    ...{ embeddingModel: row.embedding_model, dimensions: row.dimensions },
    hidden: rangesOf(row.hidden),
    admitted: filtered ? rangesOf(row.admitted) : null,
    preferred: rangesOf(row.preferred),
  };
}

function rangesOf(stretches: string | null): Range[] {
  if (stretches === null) return [];
  return stretches.split(',').map((stretch) => {
    const [start = 0, end = 0] = stretch.split(' ').map(Number);
    return { start, end };
  });
}

function keyOf(owner: number | string, name: string): string {
  return `${owner} ${name}`;
}

function bytesOf({ chunks, impacts }: Postings): number {
  return chunks.byteLength + impacts.byteLength + ENTRY_BYTES;
}
