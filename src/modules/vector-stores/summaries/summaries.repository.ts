import { Injectable } from '@nestjs/common';
import type { Attributes } from '@libs/retrieval';
import type { TenantScope } from '../../../common/principal.js';
import { Database } from '../../../database/database.js';
import { TenantRepository } from '../../../database/tenant-repository.js';
import { VectorStoreFileEntity } from '../entities/vector-store-file.entity.js';

/**
 * Summaries of files, as their workers see them. A summary is work of its own, with a lease of its own: a file is
 * `completed` before it, and stays so whatever becomes of it. Times are the database's own.
 */
@Injectable()
export class SummariesRepository extends TenantRepository<VectorStoreFileEntity> {
  constructor(database: Database) {
    super(database, VectorStoreFileEntity);
  }

  /** Takes the file whose turn it is, of any tenant. Null where nothing is to be done. */
  async claimNext(owner: string, leaseMs: number): Promise<{ id: string; projectId: string } | null> {
    return firstOf(
      await this.database.manager.query(
        `UPDATE vector_store_files SET summary_owner = $1, summary_tries = summary_tries + 1,
           summary_due_at = now() + $2 * interval '1 millisecond'
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
      `UPDATE vector_store_files SET summary_due_at = now() + $3 * interval '1 millisecond'
       WHERE ${HELD} RETURNING id`,
      [id, owner, leaseMs],
    );
    return firstOf(result) !== null;
  }

  /** The attributes as they are now; null: refused. */
  async complete(id: string, owner: string, summary: string): Promise<Attributes | null> {
    const result: unknown = await this.database.manager.query(
      `UPDATE vector_store_files SET summary = $3, summary_status = 'completed', summary_owner = NULL,
         summary_due_at = NULL
       WHERE ${HELD} RETURNING attributes`,
      [id, owner, summary],
    );
    return firstOf<{ attributes: Attributes }>(result)?.attributes ?? null;
  }

  /** @param status null: there is nothing to summarise any more */
  async giveUp(id: string, owner: string, status: 'failed' | null): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET summary_status = $3, summary_owner = NULL, summary_due_at = NULL WHERE ${HELD}`,
      [id, owner, status],
    );
  }

  /**
   * Gives the file back for another try.
   * @param counts whether this try counts among those that a summary has
   */
  async giveBack(id: string, owner: string, { delayMs, counts }: { delayMs: number; counts: boolean }): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET summary_owner = NULL, summary_tries = summary_tries - $4,
         summary_due_at = now() + $3 * interval '1 millisecond'
       WHERE ${HELD}`,
      [id, owner, delayMs, counts ? 0 : 1],
    );
  }

  /** The files of the store that are there and have no summary are to have one. */
  async ask(scope: TenantScope, vectorStoreId: string): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET summary_status = 'in_progress', summary_tries = 0, summary_due_at = now()
       WHERE project_id = $1 AND vector_store_id = $2 AND status = 'completed'
         AND (summary_status IS NULL OR summary_status = 'failed')`,
      [scope.projectId, vectorStoreId],
    );
  }

  async forget(scope: TenantScope, vectorStoreId: string): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET summary = NULL, summary_status = NULL, summary_owner = NULL, summary_due_at = NULL
       WHERE project_id = $1 AND vector_store_id = $2 AND summary_status IS NOT NULL`,
      [scope.projectId, vectorStoreId],
    );
  }

  /** On the embedded database every lease is one of this process's predecessors: at start all are void. */
  async voidAllLeases(): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_files SET summary_owner = NULL, summary_due_at = now()
       WHERE summary_status = 'in_progress' AND summary_owner IS NOT NULL`,
    );
  }
}

const HELD = `id = $1 AND summary_owner = $2 AND summary_status = 'in_progress'`;
const TO_BE_TAKEN = `summary_status = 'in_progress' AND status = 'completed' AND summary_due_at <= now()`;

/** TypeORM gives `[rows, count]` for an UPDATE with RETURNING. */
function firstOf<Row>(result: unknown): Row | null {
  const [rows] = result as [Row[], number];
  return rows[0] ?? null;
}
