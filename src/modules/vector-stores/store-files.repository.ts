import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { VectorStoreFileEntity } from './entities/vector-store-file.entity.js';
import { addUp, type StatusSum } from './store-usage.js';
import type { StoreUsage } from './vector-stores.types.js';

/** Files in stores. */
@Injectable()
export class StoreFilesRepository extends TenantRepository<VectorStoreFileEntity> {
  constructor(database: Database) {
    super(database, VectorStoreFileEntity, ['vectorStoreId', 'batchId']);
  }

  /** What the files of each store add up to. A store without files is in it, too. */
  async usageOf(scope: TenantScope, storeIds: readonly string[]): Promise<Map<string, StoreUsage>> {
    const sums: StatusSum[] = await this.database.manager.query(
      `SELECT vector_store_id AS "groupId", status, count(*)::int AS files, sum(usage_bytes)::float8 AS bytes
       FROM vector_store_files WHERE project_id = $1 AND vector_store_id = ANY($2) GROUP BY 1, 2`,
      [scope.projectId, storeIds],
    );
    return addUp(storeIds, sums);
  }

  /** Whether any of the stores has files that are not there yet. */
  anyInProgress(scope: TenantScope, storeIds: readonly string[]): Promise<boolean> {
    return this.database.manager.existsBy(VectorStoreFileEntity, {
      projectId: scope.projectId,
      vectorStoreId: In([...storeIds]),
      status: 'in_progress',
    });
  }

  /** The files whose chunks are in these sets, by the set's id. */
  async ofChunkSets(scope: TenantScope, setIds: readonly string[]): Promise<Map<string, VectorStoreFileEntity>> {
    if (setIds.length === 0) return new Map();
    const files = await this.database.manager.findBy(VectorStoreFileEntity, {
      projectId: scope.projectId,
      chunkSetId: In([...setIds]),
    });
    return new Map(files.map((file) => [file.chunkSetId ?? '', file]));
  }
}
