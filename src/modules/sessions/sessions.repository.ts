import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { SessionEntity } from './entities/session.entity.js';

@Injectable()
export class SessionsRepository extends TenantRepository<SessionEntity> {
  constructor(database: Database) {
    super(database, SessionEntity);
  }
}
