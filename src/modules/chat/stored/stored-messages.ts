import { invalidRequest } from '@libs/openai-wire';
import { isPlainObject } from '../../../common/validation/index.js';
import type { Page, PageRequest } from '../../../database/pagination.js';

/** A message of a kept completion's request as the wire shows it. */
export type StoredMessage = Record<string, unknown> & { id: string };

/** Gives each message the id that OpenAI gives it: the completion's and its place. */
export function toStoredMessages(completionId: string, messages: readonly Record<string, unknown>[]): StoredMessage[] {
  return messages.map((message, index) => ({
    ...message,
    id: `${completionId}-${index}`,
    content: textOf(message['content']),
    refusal: message['refusal'] ?? null,
    name: message['name'] ?? null,
    content_parts: Array.isArray(message['content']) ? (message['content'] as unknown[]) : null,
  }));
}

/** One page. Throws 400 for a cursor that names no message. */
export function pageOfMessages(messages: readonly StoredMessage[], request: PageRequest): Page<StoredMessage> {
  const { limit, order, after } = request;
  const ordered = order === 'asc' ? [...messages] : [...messages].reverse();
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) {
    throw invalidRequest(`Invalid 'after': no object found with id '${after}'.`, 'after', 'invalid_value');
  }
  return { items: ordered.slice(start, start + limit), hasMore: ordered.length > start + limit };
}

/** The text alone; the other parts stand in `content_parts`. */
function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const texts = content.flatMap((part: unknown) =>
    isPlainObject(part) && part['type'] === 'text' && typeof part['text'] === 'string' ? [part['text']] : [],
  );
  return texts.length === 0 ? null : texts.join('');
}
