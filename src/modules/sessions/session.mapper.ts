import type { SessionDto } from './dto/session.dto.js';
import type { SessionRecord } from './sessions.types.js';

const WHOLE_SECONDS = '2026-11-28 19:05:26'.length;

/** The third seed's form of a session. */
export function toSessionDto({ id, createdAt, messageCount, agentType }: SessionRecord): SessionDto {
  return {
    session_id: id,
    created_at: createdAt.toISOString().replace('T', ' ').slice(0, WHOLE_SECONDS),
    message_count: messageCount,
    agent_type: agentType,
  };
}
