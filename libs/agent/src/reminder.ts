import type { ChatMessage } from '@libs/llm';

const reminders = new WeakSet<ChatMessage>();

/** What an agent says to a model in the user's role without the user: no task, nor a part of one. */
export function reminder(content: string): ChatMessage {
  const message: ChatMessage = { role: 'user', content };
  reminders.add(message);
  return message;
}

export function isReminder(message: ChatMessage): boolean {
  return reminders.has(message);
}
