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
    const messages = await this.database.manager.find(MessageEntity, {
      where: { projectId: scope.projectId, threadId, queued: false },
      order: { sequence: 'DESC' },
      take: limit,
    });
    return messages.reverse();
  }

  haveFileIds(scope: TenantScope, threadId: string): Promise<boolean> {
    return this.database.manager
      .createQueryBuilder(MessageEntity, 'message')
      .where({ projectId: scope.projectId, threadId })
      .andWhere("message.file_ids <> '[]'::jsonb")
      .getExists();
  }

  /** Messages that waited for the end of a run take their places after it, in the order they came. */
  async admitQueued(scope: TenantScope, threadId: string): Promise<void> {
    await this.database.manager.query(
      `UPDATE messages SET queued = false, created_at = now(), sequence = waiting.place
       FROM (SELECT id, nextval(pg_get_serial_sequence('messages', 'sequence')) AS place
             FROM (SELECT id FROM messages WHERE project_id = $1 AND thread_id = $2 AND queued ORDER BY sequence) AS ordered) AS waiting
       WHERE messages.id = waiting.id`,
      [scope.projectId, threadId],
    );
  }
}
