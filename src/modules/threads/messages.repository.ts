import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { MessageEntity } from './entities/message.entity.js';

@Injectable()
export class MessagesRepository extends TenantRepository<MessageEntity> {
  constructor(database: Database) {
    super(database, MessageEntity, ['threadId']);
  }

  /** The newest messages of a thread, oldest first. */
  async newest(scope: TenantScope, threadId: string, limit: number): Promise<MessageEntity[]> {
    return (await this.listed(scope, { threadId, queued: false }, 'DESC', limit)).reverse();
  }

  haveFileIds(scope: TenantScope, threadId: string): Promise<boolean> {
    return this.database.manager
      .createQueryBuilder(MessageEntity, 'message')
      .where({ projectId: scope.projectId, threadId })
      .andWhere("message.file_ids <> '[]'::jsonb")
      .getExists();
  }
}
