import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { UploadEntity } from './entities/upload.entity.js';

@Injectable()
export class UploadsRepository extends TenantRepository<UploadEntity> {
  constructor(database: Database) {
    super(database, UploadEntity);
  }

  /** Holds the row until the transaction ends, so that what happens to one upload comes one after the other. */
  lock(scope: TenantScope, id: string): Promise<UploadEntity | null> {
    return this.database.manager.findOne(UploadEntity, {
      where: { id, projectId: scope.projectId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** Pending ones of every tenant: for housekeeping alone. */
  findOutlived(endedBefore: Date, limit: number): Promise<UploadEntity[]> {
    return this.database.manager.find(UploadEntity, {
      where: { status: 'pending', expiresAt: LessThanOrEqual(endedBefore) },
      order: { expiresAt: 'ASC' },
      take: limit,
    });
  }
}
