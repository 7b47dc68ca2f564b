import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { ThreadEntity } from './entities/thread.entity.js';

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

  /** Frees the thread, if it is this run that holds it. */
  async release(scope: TenantScope, id: string, runId: string): Promise<void> {
    await this.database.manager.update(
      ThreadEntity,
      { id, projectId: scope.projectId, activeRunId: runId },
      { activeRunId: null },
    );
  }
}
