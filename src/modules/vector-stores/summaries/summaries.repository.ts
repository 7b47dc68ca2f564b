import { Injectable } from '@nestjs/common';
import type { Attributes } from '@libs/retrieval';
import type { TenantScope } from '../../../common/principal.js';
import { Database } from '../../../database/database.js';
import { LeasedFilesRepository } from '../leased-files.repository.js';

/**
 * Summaries of files, as their workers see them. A summary is work of its own, with a lease of its own: a file is
 * `completed` before it, and stays so whatever becomes of it.
 */
@Injectable()
export class SummariesRepository extends LeasedFilesRepository {
  constructor(database: Database) {
    super(database, {
      owner: 'summary_owner',
      until: 'summary_due_at',
      tries: 'summary_tries',
      isOpen: `summary_status = 'in_progress'`,
      isDue: `status = 'completed' AND summary_due_at <= now()`,
    });
  }

  /** The attributes as they are now; null: refused. */
  complete(id: string, owner: string, summary: string): Promise<Attributes | null> {
    return this.changeHeld(id, owner, `summary = $3, summary_status = 'completed', ${NO_LEASE}`, summary);
  }

  /** @param status null: there is nothing to summarise any more */
  async giveUp(id: string, owner: string, status: 'failed' | null): Promise<void> {
    await this.changeHeld(id, owner, `summary_status = $3, ${NO_LEASE}`, status);
  }

  /**
   * Gives the file back for another try.
   * @param counts whether this try counts among those that a summary has
   */
  async giveBack(id: string, owner: string, { delayMs, counts }: { delayMs: number; counts: boolean }): Promise<void> {
    const assignments = `summary_owner = NULL, summary_tries = summary_tries - $4,
      summary_due_at = now() + $3 * interval '1 millisecond'`;
    await this.changeHeld(id, owner, assignments, delayMs, counts ? 0 : 1);
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
      `UPDATE vector_store_files SET summary = NULL, summary_status = NULL, ${NO_LEASE}
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

const NO_LEASE = 'summary_owner = NULL, summary_due_at = NULL';
