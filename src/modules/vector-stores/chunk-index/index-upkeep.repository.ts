import { Injectable } from '@nestjs/common';
import { withoutRanges, type Range } from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import { IndexFilesRepository } from './index-files.repository.js';

/** Terms, or rows, of one transaction: it takes some ten milliseconds, in which the embedded database serves nobody. */
const TERMS_AT_ONCE = 1000;
const CHUNKS_AT_ONCE = 500;

/** Postings are joined until they take so many bytes; then another piece begins, so that none is copied for ever. */
const FULL_PIECE_BYTES = 4000;
/**
 * A piece begins anew with the batch that would have it take more: one that does not fit into a page of the database is
 * compressed and kept in parts elsewhere, and a search waits for them to be collected.
 */
const MOST_PIECE_BYTES = 6500;

interface PostingsRow {
  term: string;
  piece: number;
  data: Buffer;
}

/** Keeps the index in shape, in transactions short enough for searches to go on between them. */
@Injectable()
export class IndexUpkeepRepository {
  constructor(
    private readonly database: Database,
    private readonly files: IndexFilesRepository,
  ) {}

  /** Joins the fresh pieces of each term, so that a search reads few rows, and no places of rows that are gone. */
  async joinPieces(store: number): Promise<void> {
    await this.query(`UPDATE index_stores SET fresh_pieces = 0 WHERE number = $1`, [store]);
    await this.throughTerms(store, 'AND fresh', (after, last) =>
      this.query(
        `WITH fresh AS (
           DELETE FROM index_postings WHERE store = $1 AND fresh AND term > $2 AND term <= $3
           RETURNING term, piece, data
         ), small AS (
           DELETE FROM index_postings
           WHERE store = $1 AND term = ANY(ARRAY(SELECT DISTINCT term FROM fresh)) AND NOT fresh
             AND octet_length(data) < $4
           RETURNING term, piece, data
         )
         INSERT INTO index_postings (store, term, piece, fresh, data)
         SELECT $1, term, min(piece), false, string_agg(data, '' ORDER BY piece)
           FROM (
             SELECT *, sum(octet_length(data)) OVER (PARTITION BY term ORDER BY piece) / $5 AS part
             FROM (SELECT * FROM fresh UNION ALL SELECT * FROM small) joined
           ) parted GROUP BY term, part`,
        [store, after, last, FULL_PIECE_BYTES, MOST_PIECE_BYTES],
      ),
    );
    // Whoever passes a place whose row is gone has the index leave it out; the first search would pass hundreds.
    await this.throughTerms(store, '', async () => undefined);
  }

  /** Deletes everything that is left of files that are gone. */
  async cleanFiles(store: number, gone: readonly Range[], signal?: AbortSignal): Promise<void> {
    for (const { start, end } of gone) await this.deleteChunks(store, start, end, signal);
    await this.throughTerms(store, '', (after, last) => this.cleanTerms(store, after, last, gone), signal);
    // One statement: who kept postings of these files must learn at once that nothing hides them any more.
    await this.query(
      `WITH removed AS (
         DELETE FROM index_files WHERE store = $1 AND state = 'gone' AND first_chunk = ANY($2) RETURNING store
       )
       UPDATE index_stores SET version = version + 1 WHERE number IN (SELECT store FROM removed)`,
      [store, gone.map(({ start }) => start)],
    );
  }

  async deleteAllChunks(store: number, signal?: AbortSignal): Promise<void> {
    const rows = await this.query<{ size: number }[]>(`SELECT size FROM index_stores WHERE number = $1`, [store]);
    await this.deleteChunks(store, 0, rows[0]?.size ?? 0, signal);
  }

  /** Deletes a store that belongs to nobody, with what is left in it once its chunks are gone. */
  async deleteStore(store: number, signal?: AbortSignal): Promise<void> {
    await this.throughTerms(
      store,
      '',
      (after, last) =>
        this.query(`DELETE FROM index_postings WHERE store = $1 AND term > $2 AND term <= $3`, [store, after, last]),
      signal,
    );
    await this.query(`DELETE FROM index_stores WHERE number = $1`, [store]);
  }

  /** Chunks by their numbers, in transactions of their own; most of the numbers may be of none. */
  async deleteChunks(store: number, start: number, end: number, signal?: AbortSignal): Promise<void> {
    for (let from = start; from < end;) {
      signal?.throwIfAborted();
      const [deleted] = await this.query<[{ number: number }[]]>(
        `DELETE FROM index_chunks WHERE store = $1 AND number = ANY(ARRAY(
           SELECT number FROM index_chunks WHERE store = $1 AND number >= $2 AND number < $3
           ORDER BY number LIMIT ${CHUNKS_AT_ONCE})) RETURNING number`,
        [store, from, end],
      );
      if (deleted.length < CHUNKS_AT_ONCE) return;
      from = 1 + deleted.reduce((last, { number }) => Math.max(last, number), from);
    }
  }

  /** Stores that belong to nobody. */
  async ownerless(): Promise<number[]> {
    const rows = await this.query<{ number: number }[]>(`SELECT number FROM index_stores WHERE project_id IS NULL`);
    return rows.map(({ number }) => number);
  }

  /** Stores with files that are gone. */
  async unclean(): Promise<number[]> {
    const rows = await this.query<{ store: number }[]>(
      `SELECT DISTINCT store FROM index_files WHERE state <> 'live' AND state = 'gone'`,
    );
    return rows.map(({ store }) => store);
  }

  private async cleanTerms(store: number, after: string, last: string, gone: readonly Range[]): Promise<void> {
    const rows = await this.query<PostingsRow[]>(
      `SELECT term, piece, data FROM index_postings WHERE store = $1 AND term > $2 AND term <= $3`,
      [store, after, last],
    );
    const changed = rows.flatMap((row) => {
      const data = withoutRanges(row.data, gone);
      return data === null ? [] : [{ ...row, data }];
    });
    const empty = changed.filter(({ data }) => data.length === 0);
    await this.query(
      `DELETE FROM index_postings p USING unnest($2::text[], $3::int[]) AS old(term, piece)
       WHERE p.store = $1 AND p.term = old.term AND p.piece = old.piece`,
      [store, empty.map(({ term }) => term), empty.map(({ piece }) => piece)],
    );
    const smaller = changed.filter(({ data }) => data.length > 0);
    await this.query(
      `UPDATE index_postings p SET data = new.data FROM unnest($2::text[], $3::int[], $4::bytea[]) AS new(term, piece, data)
       WHERE p.store = $1 AND p.term = new.term AND p.piece = new.piece`,
      [store, smaller.map(({ term }) => term), smaller.map(({ piece }) => piece), smaller.map(({ data }) => data)],
    );
  }

  /**
   * Goes through a store's terms, all pieces of one at once, each slice in a transaction that holds the store: pieces of
   * a term are joined by others, and one that moved behind the place reached would be missed.
   *
   * @param condition what more the rows are to meet, as SQL
   */
  private async throughTerms(
    store: number,
    condition: string,
    work: (after: string, last: string) => Promise<unknown>,
    signal?: AbortSignal,
  ): Promise<void> {
    let after = '';
    for (;;) {
      signal?.throwIfAborted();
      const last = await this.database.transaction(async () => {
        await this.files.lockStore(store);
        // Without statistics, which the embedded database does not gather, all rows that are left are sorted for each slice.
        await this.query('SET LOCAL enable_sort = off');
        const rows = await this.query<{ last: string | null }[]>(
          `SELECT max(term) AS last FROM (SELECT term FROM index_postings WHERE store = $1 AND term > $2 ${condition}
           ORDER BY term LIMIT ${TERMS_AT_ONCE}) slice`,
          [store, after],
        );
        const end = rows[0]?.last ?? null;
        if (end !== null) await work(after, end);
        return end;
      });
      if (last === null) return;
      after = last;
    }
  }

  private query<Result = unknown>(sql: string, values: unknown[] = []): Promise<Result> {
    return this.database.manager.query<Result>(sql, values);
  }
}
