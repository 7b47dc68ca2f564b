import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { paginate, type Page } from '../../database/pagination.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { FileEntity } from './entities/file.entity.js';

const UNEXPIRED = '(file.expires_at IS NULL OR file.expires_at > :now)';

export interface FileListRequest {
  limit: number;
  order: 'asc' | 'desc';
  after?: string | undefined;
  purpose?: string | undefined;
}

/** Files. What has expired is there only for housekeeping. */
@Injectable()
export class FilesRepository extends TenantRepository<FileEntity> {
  constructor(database: Database) {
    super(database, FileEntity);
  }

  findUnexpired(scope: TenantScope, id: string): Promise<FileEntity | null> {
    if (id.includes('\0')) return Promise.resolve(null);
    return this.unexpired(scope).andWhere('file.id = :id', { id }).getOne();
  }

  /** In no certain order; ids that name nothing are left out. */
  findManyUnexpired(scope: TenantScope, ids: readonly string[]): Promise<FileEntity[]> {
    const askable = ids.filter((id) => !id.includes('\0'));
    if (askable.length === 0) return Promise.resolve([]);
    return this.unexpired(scope).andWhere('file.id IN (:...ids)', { ids: askable }).getMany();
  }

  listUnexpired(scope: TenantScope, request: FileListRequest): Promise<Page<FileEntity>> {
    const { limit, order, after, purpose } = request;
    const query = this.unexpired(scope);
    if (purpose !== undefined) query.andWhere('file.purpose = :purpose', { purpose });
    const page = { limit, order, ...(after === undefined ? {} : { after }) };
    return paginate(query, page, { projectId: scope.projectId });
  }

  /** Of every tenant: for housekeeping alone. */
  findExpired(limit: number): Promise<FileEntity[]> {
    return this.database.manager
      .createQueryBuilder(FileEntity, 'file')
      .where('file.expires_at <= :now', { now: new Date() })
      .orderBy('file.expires_at')
      .take(limit)
      .getMany();
  }

  /** Those of the keys that a file of any tenant has: for housekeeping alone. */
  async usedBlobKeys(keys: readonly string[]): Promise<Set<string>> {
    const files = await this.database.manager.find(FileEntity, {
      select: { id: true, blobKey: true },
      where: { blobKey: In([...keys]) },
    });
    return new Set(files.map((file) => file.blobKey));
  }

  private unexpired(scope: TenantScope): SelectQueryBuilder<FileEntity> {
    return this.database.manager
      .createQueryBuilder(FileEntity, 'file')
      .where('file.project_id = :projectId', { projectId: scope.projectId })
      .andWhere(UNEXPIRED, { now: new Date() });
  }
}
