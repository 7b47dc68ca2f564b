import type { ChatMessage } from '@libs/llm';
import type { DataFile } from '../../agent-input.js';
import type { Prompts } from '../../prompts.js';
import { isReminder } from '../../reminder.js';
import { isSystem, textContent } from '../../system-text.js';
import { inOrderOfCalls } from '../in-order-of-calls.js';
import { isObject, parseStrictly } from '../../written-calls/parse-leniently.js';

/** How results reach the model: by the role of its own, or, where the chat template lacks that, as a user's words. */
export type ExecuteRole = 'execute' | 'user';

/**
 * The conversation as DeepAnalyze was trained on it: instructions and files go into the last message that is the user's
 * own, code stands between its tags, and results come in the role `execute`.
 */
export function toTagMessages(
  messages: readonly ChatMessage[],
  files: readonly DataFile[],
  prompts: Prompts,
  role: ExecuteRole,
): ChatMessage[] {
  const system = messages.filter(isSystem).map(textContent);
  const spoken = inOrderOfCalls(messages).filter((message) => !isSystem(message));
  const asked = spoken.findLastIndex((message) => message.role === 'user' && !isReminder(message));
  const written = spoken.map((message, index) =>
    index === asked
      ? instruction([...system, textContent(message)], files, prompts)
      : toWritten(message, prompts, role),
  );
  return asked < 0 ? [instruction(system, files, prompts), ...written] : written;
}

function instruction(texts: readonly string[], files: readonly DataFile[], prompts: Prompts): ChatMessage {
  const body = texts.map((text) => text.trim()).filter((text) => text !== '');
  const listed = files.map(
    ({ name, bytes }, index) =>
      `File ${index + 1}:\n${JSON.stringify({ name, size: `${(bytes / 1024).toFixed(1)}KB` }, null, 4)}\n\n`,
  );
  const data = listed.length === 0 ? '' : `\n\n${prompts.fill('tags-data', { files: listed.join('') })}`;
  return { role: 'user', content: prompts.fill('tags-instruction', { instruction: body.join('\n\n') }) + data };
}

function toWritten(message: ChatMessage, prompts: Prompts, role: ExecuteRole): ChatMessage {
  if (message.role === 'tool') {
    const output = textContent(message);
    if (role === 'user') return { role: 'user', content: prompts.fill('tags-execute-result', { output }) };
    // A role that only this model's template knows.
    return { role: 'execute', content: output } as unknown as ChatMessage;
  }
  if (message.role !== 'assistant' || !message.tool_calls?.length) return message;
  const blocks = message.tool_calls.map((call) => (call.type === 'function' ? codeBlock(call.function.arguments) : ''));
  return { role: 'assistant', content: `${textContent(message)}${blocks.join('')}` };
}

function codeBlock(given: string): string {
  const parsed = parseStrictly(given);
  const code = isObject(parsed) && typeof parsed['code'] === 'string' ? parsed['code'] : '';
  return `\n<Code>\n\`\`\`python\n${code}\n\`\`\`\n</Code>`;
}
