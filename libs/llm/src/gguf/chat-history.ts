import { isObject, textOf } from '../json.js';
import type { ChatMessage } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import type { HistoryItem } from './node-llama-cpp.js';

/** The conversation as node-llama-cpp takes it, with the place for the answer at its end. Texts only. */
export function toHistory(messages: readonly ChatMessage[]): HistoryItem[] {
  const history: HistoryItem[] = messages.map((message) => {
    const text = textIn(message.content);
    switch (message.role) {
      case 'system':
      case 'developer':
        return { type: 'system', text };
      case 'assistant':
        return { type: 'model', response: [text] };
      case 'tool':
      case 'function':
      case 'user':
        return { type: 'user', text };
    }
  });
  return [...history, { type: 'model', response: [] }];
}

function textIn(content: unknown): string {
  if (!Array.isArray(content)) return textOf(content) ?? '';
  const texts = (content as unknown[]).map((part) => {
    const text = isObject(part) ? (textOf(part['text']) ?? textOf(part['refusal'])) : undefined;
    if (text === undefined) throw refused();
    return text;
  });
  return texts.join('\n');
}

function refused(): ModelError {
  const message = 'A model from a GGUF file takes texts only.';
  return new ModelError('rejected', message, { status: 400, param: 'messages', code: 'invalid_value' });
}
