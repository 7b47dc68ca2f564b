import type { ChatMessage } from '@libs/llm';

/** The conversation with a text added to its system message: many chat templates take only one. */
export function withSystemText(messages: ChatMessage[], text: string): ChatMessage[] {
  if (text === '') return messages;
  const [first, ...rest] = messages;
  if (first?.role === 'system' || first?.role === 'developer') {
    return [{ ...first, content: `${textContent(first)}\n\n${text}` }, ...rest];
  }
  return [{ role: 'system', content: text }, ...messages];
}

export function isSystem({ role }: ChatMessage): boolean {
  return role === 'system' || role === 'developer';
}

/** The text of a message's content: of parts only those that are text. */
export function textContent(message: ChatMessage): string {
  const content = 'content' in message ? message.content : null;
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => ('text' in part ? part.text : '')).join('\n');
}

/** Conversations end with what the user wants; here it is, or an empty text. */
export function lastUserText(messages: readonly ChatMessage[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  return last ? textContent(last) : '';
}
