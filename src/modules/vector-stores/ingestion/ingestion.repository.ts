import { Injectable } from '@nestjs/common';
import type { Attributes, DocumentMetadata } from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import { TenantRepository } from '../../../database/tenant-repository.js';
import { VectorStoreFileEntity } from '../entities/vector-store-file.entity.js';
import type { StoreFileError } from '../vector-stores.types.js';

/** A file as its worker found it when it took it. */
export interface ClaimedRow {
  id: string;
  projectId: string;
}

/**
 * Files in stores as their workers see them. Times are the database's own, so that clocks of several processes need not
 * agree. Every change but the claim demands its lease: it is refused once another worker, or a cancel, has the file.
 */
@Injectable()
export class IngestionRepository extends TenantRepository<VectorStoreFileEntity> {
  constructor(database: Database) {
    super(database, VectorStoreFileEntity);
  }

  /** Takes the lease of the file whose turn it is, of any tenant. Null where nothing is to be done. */
  async claimNext(owner: string, leaseMs: number): Promise<ClaimedRow | null> {
    return firstOf<ClaimedRow>(
      await this.database.manager.query(
        `UPDATE vector_store_files SET lease_owner = $1, claims = claims + 1, progress = 0,
           lease_expires_at = now() + $2 * interval '1 millisecond'
         WHERE id = (SELECT id FROM vector_store_files WHERE ${TO_BE_TAKEN} ORDER BY turn, sequence LIMIT 1
                     FOR UPDATE SKIP LOCKED)
         RETURNING id, project_id AS "projectId"`,
        [owner, leaseMs],
      ),
    );
  }

  /** How many wait for a worker, counted up to the limit. */
  async countWaiting(limit: number): Promise<number> {
    const rows: { waiting: number }[] = await this.database.manager.query(
      `SELECT count(*)::int AS waiting FROM (SELECT 1 FROM vector_store_files WHERE ${TO_BE_TAKEN} LIMIT $1) AS found`,
      [limit],
    );
    return rows[0]?.waiting ?? 0;
  }

  async heartbeat(id: string, owner: string, leaseMs: number): Promise<boolean> {
    const result: unknown = await this.database.manager.query(
      `UPDATE vector_store_files SET lease_expires_at = now() + $3 * interval '1 millisecond'
       WHERE ${HELD} RETURNING id`,
      [id, owner, leaseMs],
    );
    return firstOf(result) !== null;
  }

  async noteProgress(id: string, owner: string, progress: number): Promise<boolean> {
    const result: unknown = await this.database.manager.query(
      `UPDATE vector_store_files SET progress = $3 WHERE ${HELD} RETURNING id`,
      [id, owner, progress],
    );
    return firstOf(result) !== null;
  }

  /** The attributes as they are now; null: refused. */
  async complete(
    id: string,
    owner: string,
    { usageBytes, documentMetadata }: { usageBytes: number; documentMetadata: DocumentMetadata },
  ): Promise<Attributes | null> {
    const result: unknown = await this.database.manager.query(
      `UPDATE vector_store_files SET status = 'completed', usage_bytes = $3, document_metadata = $4, progress = 100,
         lease_owner = NULL, lease_expires_at = NULL, retry_at = NULL, summary_due_at = now(),
         summary_status = ${SUMMARY_STATUS}
       WHERE ${HELD} RETURNING attributes`,
      [id, owner, usageBytes, JSON.stringify(documentMetadata)],
    );
    return firstOf<{ attributes: Attributes }>(result)?.attributes ?? null;
  }

  async fail(id: string, owner: string, error: StoreFileError): Promise<boolean> {
    const result: unknown = await this.database.manager.query(
      `UPDATE vector_store_files SET status = 'failed', last_error = $3, lease_owner = NULL, lease_expires_at = NULL,
         retry_at = NULL
       WHERE ${HELD} RETURNING id`,
      [id, owner, JSON.stringify(error)],
    );
    return firstOf(result) !== null;
  }

  /**
   * Gives the file back for another try.
   * @param counts whether this try counts among those that a file has
   */
  async giveBack(id: string, owner: string, { delayMs, counts }: { delayMs: number; counts: boolean }): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET lease_owner = NULL, lease_expires_at = NULL, progress = 0,
         claims = claims - $4, retry_at = now() + $3 * interval '1 millisecond'
       WHERE ${HELD}`,
      [id, owner, delayMs, counts ? 0 : 1],
    );
  }

  /** On the embedded database every lease is one of this process's predecessors: at start all are void. */
  async voidAllLeases(): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET lease_owner = NULL, lease_expires_at = NULL
       WHERE status = 'in_progress' AND lease_owner IS NOT NULL`,
    );
    await this.database.manager.query(
      `UPDATE vector_store_chunk_sets SET lease_expires_at = now() WHERE lease_expires_at > now()`,
    );
  }
}

/** Holds the store, so that a file that comes while summaries are asked for is not forgotten. */
const SUMMARY_STATUS = `CASE WHEN (
  SELECT has_summaries FROM vector_stores AS store WHERE store.id = vector_store_files.vector_store_id FOR KEY SHARE
) THEN 'in_progress' END`;
const HELD = `id = $1 AND lease_owner = $2 AND status = 'in_progress'`;
const TO_BE_TAKEN = `status = 'in_progress' AND (lease_expires_at IS NULL OR lease_expires_at < now())
  AND (retry_at IS NULL OR retry_at <= now())`;

/** TypeORM gives `[rows, count]` for an UPDATE with RETURNING. */
function firstOf<Row>(result: unknown): Row | null {
  const [rows] = result as [Row[], number];
  return rows[0] ?? null;
}
