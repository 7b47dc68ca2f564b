import type { ScriptedRequestBody } from './script.js';

/**
 * A chat template that takes not every conversation. `mistral`: Mistral 7B Instruct 0.3; `gemma`: Gemma 2 (the
 * `chat_template`s of their tokenizer_config.json on Hugging Face).
 */
export type ChatTemplate = 'mistral' | 'gemma';

const TAKEN: Record<ChatTemplate, (message: Message) => boolean> = {
  // Calls and their results do not count.
  mistral: ({ role, tool_calls }) => role === 'tool' || (tool_calls?.length ?? 0) > 0,
  gemma: () => false,
};

const ALTERNATE: Record<ChatTemplate, string> = {
  mistral: 'After the optional system message, conversation roles must alternate user/assistant/user/assistant/...',
  gemma: 'Conversation roles must alternate user/assistant/user/assistant/...',
};

type Message = NonNullable<ScriptedRequestBody['messages']>[number] & { tool_calls?: unknown[] };

/** What the template raises for this conversation; undefined where it takes it. */
export function templateProblem(template: ChatTemplate, messages: readonly Message[] = []): string | undefined {
  const hasSystem = messages[0]?.role === 'system';
  if (hasSystem && template === 'gemma') return 'System role not supported';
  const turns = messages.slice(hasSystem ? 1 : 0).filter((message) => !TAKEN[template](message));
  if (template === 'mistral' && !haveShortIds(messages)) {
    return 'Tool call IDs should be alphanumeric strings with length 9!';
  }
  const inOrder = turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'));
  return inOrder ? undefined : ALTERNATE[template];
}

function haveShortIds(messages: readonly Message[]): boolean {
  const calls = messages.flatMap(({ tool_calls: made = [] }) => made as { id?: string }[]);
  return calls.every(({ id }) => id?.length === 9);
}
