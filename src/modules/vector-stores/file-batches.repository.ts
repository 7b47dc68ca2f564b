import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { VectorStoreFileBatchEntity } from './entities/vector-store-file-batch.entity.js';

@Injectable()
export class FileBatchesRepository extends TenantRepository<VectorStoreFileBatchEntity> {
  constructor(database: Database) {
    super(database, VectorStoreFileBatchEntity, ['vectorStoreId']);
  }
}
