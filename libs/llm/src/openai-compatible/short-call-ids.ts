import { createHash } from 'node:crypto';
import type { ChatMessage } from '../ports/chat-model.js';

const LENGTH = 9;
const SHORT_ID = /^[a-zA-Z0-9]{9}$/;

/** The conversation with the ids of its calls as Mistral's templates want them; results find their calls all the same. */
export function withShortCallIds(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.map((message) => {
    if (message.role === 'tool') return { ...message, tool_call_id: shortId(message.tool_call_id) };
    if (message.role !== 'assistant' || !message.tool_calls) return message;
    return { ...message, tool_calls: message.tool_calls.map((call) => ({ ...call, id: shortId(call.id) })) };
  });
}

/** The same for the same id, so that a prompt stays what it was for the server's cache. */
function shortId(id: string): string {
  return SHORT_ID.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, LENGTH);
}
