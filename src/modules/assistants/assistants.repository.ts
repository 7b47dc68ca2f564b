import { Injectable } from '@nestjs/common';
import { TenantRepository } from '../../database/tenant-repository.js';
import { Database } from '../../database/database.js';
import { AssistantEntity } from './entities/assistant.entity.js';

@Injectable()
export class AssistantsRepository extends TenantRepository<AssistantEntity> {
  constructor(database: Database) {
    super(database, AssistantEntity);
  }
}
