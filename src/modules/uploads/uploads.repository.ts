import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { UploadEntity } from './entities/upload.entity.js';

@Injectable()
export class UploadsRepository extends TenantRepository<UploadEntity> {
  constructor(database: Database) {
    super(database, UploadEntity);
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
