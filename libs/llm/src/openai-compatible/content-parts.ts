import { isObject, textOf } from '../json.js';
import type { ChatDelta } from '../ports/chat-model.js';

/**
 * What the content of a message says. It is a text, or, with reasoning models of Mistral, a list of parts of which some
 * are thoughts (https://docs.mistral.ai/capabilities/reasoning/).
 */
export function readContent(content: unknown): ChatDelta[] {
  const text = textOf(content);
  if (text !== undefined) return [{ type: 'text', text }];
  return Array.isArray(content) ? content.flatMap(readPart) : [];
}

function readPart(part: unknown): ChatDelta[] {
  if (!isObject(part)) return readContent(part);
  switch (part['type']) {
    case 'thinking':
      return asThoughts(part['thinking']);
    case 'refusal': {
      const refusal = textOf(part['refusal']);
      return refusal === undefined ? [] : [{ type: 'refusal', text: refusal }];
    }
    default:
      return readContent(part['text']);
  }
}

function asThoughts(thinking: unknown): ChatDelta[] {
  return readContent(thinking).map((delta) =>
    delta.type === 'text' ? { type: 'reasoning', text: delta.text } : delta,
  );
}
