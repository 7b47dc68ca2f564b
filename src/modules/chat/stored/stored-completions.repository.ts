import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../common/principal.js';
import { Database } from '../../../database/database.js';
import { paginate, type Page, type PageRequest } from '../../../database/pagination.js';
import { TenantRepository } from '../../../database/tenant-repository.js';
import { StoredCompletionEntity } from '../entities/stored-completion.entity.js';
import type { StoredCompletionFilter } from './stored-completions.types.js';

@Injectable()
export class StoredCompletionsRepository extends TenantRepository<StoredCompletionEntity> {
  constructor(database: Database) {
    super(database, StoredCompletionEntity);
  }

  listMatching(
    scope: TenantScope,
    page: PageRequest,
    { model, metadata }: StoredCompletionFilter,
  ): Promise<Page<StoredCompletionEntity>> {
    const query = this.database.manager
      .createQueryBuilder(StoredCompletionEntity, 'object')
      .where('object.project_id = :projectId', { projectId: scope.projectId });
    if (model !== undefined) query.andWhere('object.model = :model', { model });
    if (metadata !== undefined) {
      query.andWhere('object.metadata @> :metadata::jsonb', { metadata: JSON.stringify(metadata) });
    }
    return paginate(query, page, { projectId: scope.projectId });
  }

  /** The messages of the request; null if there is no such completion. */
  async findMessages(scope: TenantScope, id: string): Promise<Record<string, unknown>[] | null> {
    if (id.includes('\0')) return null;
    const found = await this.database.manager.findOne(StoredCompletionEntity, {
      select: { id: true, messages: true },
      where: { projectId: scope.projectId, id },
    });
    return found?.messages ?? null;
  }
}
