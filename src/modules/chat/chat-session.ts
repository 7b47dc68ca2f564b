import type { ChatMessage } from '@libs/llm';
import type { TenantScope } from '../../common/principal.js';
import {
  joinConversation,
  splitInstructions,
  toSpokenAnswer,
  type OpenSession,
  type SessionsService,
} from '../sessions/index.js';
import type { ChatBody } from './chat-body.js';

/** The session that a chat completion goes on in. */
export interface ChatSession extends Pick<OpenSession, 'id' | 'isNew' | 'lastCodeCall'> {
  /** What of the conversation may be left out where the model's context is too small. */
  droppable: ReadonlySet<ChatMessage>;
  /** Keeps the turn once its answer is whole. Throws 404 where the session is gone by then. */
  keep(message: Record<string, unknown>, lastCodeCall: string | null): Promise<void>;
}

/** The request as it is with all that was said before, and the session it belongs to. */
export async function openSession(
  sessions: SessionsService,
  scope: TenantScope,
  id: string,
  asked: ChatBody,
): Promise<{ body: ChatBody; session: ChatSession }> {
  const opened = await sessions.open(scope, id);
  const { instructions, said } = splitInstructions(asked.plain.messages);
  const { messages, droppable } = joinConversation(opened, { instructions, said });
  const agentType = asked.agentType ?? opened.agentType;
  const keep: ChatSession['keep'] = (message, lastCodeCall) =>
    sessions.keep(scope, opened, {
      instructions,
      lastCodeCall,
      agentType,
      messages: [...said, toSpokenAnswer(message)],
    });
  return {
    body: { ...asked, agentType, plain: { ...asked.plain, messages } },
    session: { ...opened, droppable: droppable as ReadonlySet<object> as ReadonlySet<ChatMessage>, keep },
  };
}
