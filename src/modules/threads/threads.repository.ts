import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { ThreadEntity } from './entities/thread.entity.js';

const IS_FREE = 'active_run_id IS NULL';

@Injectable()
export class ThreadsRepository extends TenantRepository<ThreadEntity> {
  constructor(database: Database) {
    super(database, ThreadEntity);
  }

  /** Holds the row against its deletion until the transaction ends. */
  async pin(scope: TenantScope, id: string): Promise<boolean> {
    const row = await this.database.manager.findOne(ThreadEntity, {
      select: { id: true },
      where: { id, projectId: scope.projectId },
      lock: { mode: 'for_key_share' },
    });
    return row !== null;
  }

  /** Gives the thread to a run, if it is free. */
  async hold(scope: TenantScope, id: string, runId: string): Promise<ThreadEntity | null> {
    if (id.includes('\0')) return null;
    return this.rowOf(
      this.statements.update({ id, projectId: scope.projectId }, { activeRunId: runId }, { where: IS_FREE }),
    );
  }

  /**
   * Frees the thread, if it is this run that holds it, and lets in the messages that waited: they take their places after
   * the run, in the order they came. Whoever adds one locks the thread before; the caller has pinned it, so that none is
   * being added now.
   */
  async release(scope: TenantScope, id: string, runId: string): Promise<void> {
    const sql = `WITH freed AS (
         UPDATE threads SET active_run_id = NULL WHERE id = $1 AND project_id = $2 AND active_run_id = $3)
       UPDATE messages SET queued = false, created_at = now(), sequence = waiting.place
       FROM (SELECT id, nextval(pg_get_serial_sequence('messages', 'sequence')) AS place
             FROM (SELECT id FROM messages WHERE project_id = $2 AND thread_id = $1 AND queued ORDER BY sequence) AS ordered) AS waiting
       WHERE messages.id = waiting.id`;
    await this.rowsOf({ name: 'release-thread', sql, values: [id, scope.projectId, runId] });
  }
}
