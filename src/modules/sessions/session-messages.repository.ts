import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { SessionMessageEntity } from './entities/session-message.entity.js';
import type { SessionMessage } from './sessions.types.js';

/** How much is read at once. */
export interface ReadLimits {
  messages: number;
  bytes: number;
}

@Injectable()
export class SessionMessagesRepository extends TenantRepository<SessionMessageEntity> {
  constructor(database: Database) {
    super(database, SessionMessageEntity, ['sessionId']);
  }

  /** The newest messages of a session, oldest first, as many as the limits allow. */
  async newest(scope: TenantScope, sessionId: string, { messages, bytes }: ReadLimits): Promise<SessionMessage[]> {
    const sql = `SELECT message FROM (
         SELECT message, sequence, sum(bytes) OVER (ORDER BY sequence DESC) AS read
         FROM (SELECT message, sequence, bytes FROM session_messages
               WHERE project_id = $1 AND session_id = $2 ORDER BY sequence DESC LIMIT $3) AS newest) AS counted
       WHERE read <= $4 ORDER BY sequence`;
    const values = [scope.projectId, sessionId, messages, bytes];
    const rows = await this.rowsOf({ name: 'newest-of-session', sql, values });
    return rows.map((row) => row['message'] as SessionMessage);
  }
}
