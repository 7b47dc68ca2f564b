import { Injectable } from '@nestjs/common';
import type { Attributes, IndexedFile, IndexScope, Range } from '@libs/retrieval';
import { Database } from '../../../database/database.js';

/** A file's stretch of its store's chunk numbers. */
export interface FileStretch {
  store: number;
  firstChunk: number;
  chunks: number;
}

interface StretchRow {
  store: number;
  first_chunk: number;
  chunks: number;
}

/** Which files are in the index, and which of their chunks searches see. */
@Injectable()
export class IndexFilesRepository {
  constructor(private readonly database: Database) {}

  /** Gives the file chunk numbers of its own, unseen by searches. Whoever wrote the same file before can write no more. */
  begin(scope: IndexScope, file: IndexedFile, chunks: number): Promise<FileStretch> {
    return this.database.transaction(async () => {
      const { store, firstChunk } = await this.reserve(scope, file.vectorStoreId, chunks);
      await this.database.manager.query(
        `UPDATE index_files SET state = 'gone' WHERE store = $1 AND file_id = $2 AND state = 'writing'`,
        [store, file.fileId],
      );
      await this.database.manager.query(
        `INSERT INTO index_files (store, first_chunk, chunks, file_id, filename, attributes, state)
         VALUES ($1, $2, $3, $4, $5, $6, 'writing')`,
        [store, firstChunk, chunks, file.fileId, file.filename, JSON.stringify(file.attributes)],
      );
      return { store, firstChunk, chunks };
    });
  }

  /** Holds the file in `writing` until the transaction ends. Whether it still was. */
  async holdWriting({ store, firstChunk }: FileStretch): Promise<boolean> {
    const rows = await this.database.manager.query<unknown[]>(
      `SELECT 1 FROM index_files WHERE store = $1 AND first_chunk = $2 AND state = 'writing' FOR SHARE`,
      [store, firstChunk],
    );
    return rows.length > 0;
  }

  /** Shows a written file to searches in place of the one before it. Whether it still was to be shown. */
  show(stretch: FileStretch, pieces: number): Promise<boolean> {
    return this.database.transaction(async () => {
      const { store, firstChunk, chunks } = stretch;
      await this.lockStore(store);
      if (!(await this.holdWriting(stretch))) return false;
      const [before] = await this.database.manager.query<[StretchRow[]]>(
        `UPDATE index_files SET state = 'gone' WHERE store = $1 AND state = 'live' AND file_id =
           (SELECT file_id FROM index_files WHERE store = $1 AND first_chunk = $2) RETURNING chunks`,
        [store, firstChunk],
      );
      await this.database.manager.query(`UPDATE index_files SET state = 'live' WHERE store = $1 AND first_chunk = $2`, [
        store,
        firstChunk,
      ]);
      const lost = before.reduce((sum, row) => sum + row.chunks, 0);
      await this.database.manager.query(
        `UPDATE index_stores SET chunks = chunks + $2, fresh_pieces = fresh_pieces + $3, version = version + 1
         WHERE number = $1`,
        [store, chunks - lost, pieces],
      );
      return true;
    });
  }

  /** Of the files that searches see, by their ids. */
  async countChunks(scope: IndexScope, vectorStoreIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.manager.query<{ fileId: string; chunks: number }[]>(
      `SELECT f.file_id AS "fileId", f.chunks FROM index_stores s JOIN index_files f ON f.store = s.number
       WHERE s.project_id = $1 AND s.vector_store_id = ANY($2) AND f.state = 'live'`,
      [scope.projectId, vectorStoreIds],
    );
    return new Map(rows.map(({ fileId, chunks }) => [fileId, chunks]));
  }

  /** Hides a file that is being written, for good. */
  async abandon({ store, firstChunk }: FileStretch): Promise<void> {
    await this.database.manager.query(
      `UPDATE index_files SET state = 'gone' WHERE store = $1 AND first_chunk = $2 AND state = 'writing'`,
      [store, firstChunk],
    );
  }

  /** Hides a file from searches and stops whoever writes it. Gives the store's number, if the file was there. */
  remove(scope: IndexScope, vectorStoreId: string, fileId: string): Promise<number | null> {
    return this.database.transaction(async () => {
      const store = await this.findStore(scope, vectorStoreId);
      if (store === null) return null;
      await this.lockStore(store);
      const [rows] = await this.database.manager.query<[{ chunks: number; was_live: boolean }[]]>(
        `UPDATE index_files f SET state = 'gone' FROM index_files b
         WHERE f.store = $1 AND f.file_id = $2 AND f.state <> 'gone'
           AND b.store = f.store AND b.first_chunk = f.first_chunk
         RETURNING f.chunks, b.state = 'live' AS was_live`,
        [store, fileId],
      );
      const lost = rows.reduce((sum, row) => sum + (row.was_live ? row.chunks : 0), 0);
      await this.database.manager.query(
        `UPDATE index_stores SET chunks = chunks - $2, version = version + 1 WHERE number = $1`,
        [store, lost],
      );
      return rows.length > 0 ? store : null;
    });
  }

  /** Takes a store out of everyone's sight. Gives its number, if it was there. */
  async removeStore(scope: IndexScope, vectorStoreId: string): Promise<number | null> {
    const [rows] = await this.database.manager.query<[{ number: number }[]]>(
      `UPDATE index_stores SET project_id = NULL WHERE project_id = $1 AND vector_store_id = $2 RETURNING number`,
      [scope.projectId, vectorStoreId],
    );
    return rows[0]?.number ?? null;
  }

  /** Stops whoever writes to a store that belongs to nobody. */
  async hideAll(store: number): Promise<void> {
    await this.database.manager.query(`UPDATE index_files SET state = 'gone' WHERE store = $1`, [store]);
  }

  async setAttributes(scope: IndexScope, vectorStoreId: string, fileId: string, attributes: Attributes): Promise<void> {
    await this.database.manager.query(
      `WITH changed AS (
         UPDATE index_files f SET attributes = $4 FROM index_stores s
         WHERE s.project_id = $1 AND s.vector_store_id = $2 AND f.store = s.number AND f.file_id = $3
           AND f.state <> 'gone'
         RETURNING f.store
       )
       UPDATE index_stores SET version = version + 1 WHERE number IN (SELECT store FROM changed)`,
      [scope.projectId, vectorStoreId, fileId, JSON.stringify(attributes)],
    );
  }

  /** Pieces of postings to be joined, and whether any file is gone. */
  async stateOf(store: number): Promise<{ freshPieces: number; replaced: boolean }> {
    const rows = await this.database.manager.query<{ fresh_pieces: number; replaced: boolean }[]>(
      `SELECT fresh_pieces, EXISTS (SELECT 1 FROM index_files WHERE store = number AND state = 'gone') AS replaced
       FROM index_stores WHERE number = $1`,
      [store],
    );
    return { freshPieces: rows[0]?.fresh_pieces ?? 0, replaced: rows[0]?.replaced ?? false };
  }

  /** Files of a store that searches will never see again, and the store's live chunks. */
  async goneOf(store: number): Promise<{ gone: Range[]; liveChunks: number }> {
    const rows = await this.database.manager.query<(StretchRow & { live: number })[]>(
      `SELECT f.first_chunk, f.chunks, s.chunks AS live FROM index_stores s
       LEFT JOIN index_files f ON f.store = s.number AND f.state = 'gone' WHERE s.number = $1`,
      [store],
    );
    const gone = rows.filter((row) => row.chunks !== null);
    return {
      gone: gone.map((row) => ({ start: row.first_chunk, end: row.first_chunk + row.chunks })),
      liveChunks: rows[0]?.live ?? 0,
    };
  }

  /** Lets nobody else show, remove or tidy files of the store until the transaction ends. */
  async lockStore(store: number): Promise<void> {
    await this.database.manager.query(`SELECT 1 FROM index_stores WHERE number = $1 FOR UPDATE`, [store]);
  }

  private async findStore(scope: IndexScope, vectorStoreId: string): Promise<number | null> {
    const rows = await this.database.manager.query<{ number: number }[]>(
      `SELECT number FROM index_stores WHERE project_id = $1 AND vector_store_id = $2`,
      [scope.projectId, vectorStoreId],
    );
    return rows[0]?.number ?? null;
  }

  private async reserve(
    scope: IndexScope,
    vectorStoreId: string,
    chunks: number,
  ): Promise<{ store: number; firstChunk: number }> {
    const values = [scope.projectId, vectorStoreId, chunks];
    const [[known]] = await this.database.manager.query<[{ number: number; size: number }[]]>(
      `UPDATE index_stores SET size = size + $3 WHERE project_id = $1 AND vector_store_id = $2 RETURNING number, size`,
      values,
    );
    const { number, size } = known ?? (await this.addStore(values));
    return { store: number, firstChunk: size - chunks };
  }

  /** Another one may have added it meanwhile. */
  private async addStore(values: unknown[]): Promise<{ number: number; size: number }> {
    const rows = await this.database.manager.query<[{ number: number; size: number }]>(
      `INSERT INTO index_stores (project_id, vector_store_id, size) VALUES ($1, $2, $3)
       ON CONFLICT (project_id, vector_store_id) DO UPDATE SET size = index_stores.size + $3
       RETURNING number, size`,
      values,
    );
    return rows[0];
  }
}
