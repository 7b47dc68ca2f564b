import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { UploadPartEntity } from './entities/upload-part.entity.js';
import type { PartsHeld } from './upload-parts-rules.js';

@Injectable()
export class UploadPartsRepository extends TenantRepository<UploadPartEntity> {
  constructor(database: Database) {
    super(database, UploadPartEntity);
  }

  /** In no certain order. */
  listOf(scope: TenantScope, uploadId: string): Promise<UploadPartEntity[]> {
    return this.database.manager.findBy(UploadPartEntity, { projectId: scope.projectId, uploadId });
  }

  async held(scope: TenantScope, uploadId: string): Promise<PartsHeld> {
    const place = { projectId: scope.projectId, uploadId };
    const { manager } = this.database;
    const count = await manager.countBy(UploadPartEntity, place);
    return { count, bytes: Number((await manager.sum(UploadPartEntity, 'bytes', place)) ?? 0) };
  }

  /** Gives the ids, which are the keys of the blobs, of what was removed. */
  async removeAll(scope: TenantScope, uploadId: string): Promise<string[]> {
    const parts = await this.listOf(scope, uploadId);
    await this.database.manager.delete(UploadPartEntity, { projectId: scope.projectId, uploadId });
    return parts.map(({ id }) => id);
  }

  /** Those of the keys that a part of any tenant has: for housekeeping alone. */
  async usedBlobKeys(keys: readonly string[]): Promise<Set<string>> {
    const parts = await this.database.manager.find(UploadPartEntity, {
      select: { id: true },
      where: { id: In([...keys]) },
    });
    return new Set(parts.map(({ id }) => id));
  }
}
