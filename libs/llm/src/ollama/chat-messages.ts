import { isObject, textOf, type JsonObject } from '../json.js';
import { argumentsObject } from '../openai-compatible/past-calls.js';
import type { ChatMessage } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';

/** A message of Ollama's `/api/chat` (api/types.go, Message). */
export interface OllamaMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  thinking?: string;
  /** Base64, without a `data:` prefix. */
  images?: string[];
  tool_calls?: { id?: string; function: { name: string; arguments: JsonObject } }[];
  tool_name?: string;
  tool_call_id?: string;
}

const ROLES: ReadonlyMap<string, OllamaMessage['role']> = new Map([
  ['developer', 'system'],
  ['system', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
]);

/** The conversation in Ollama's dialect. Throws ModelError 'rejected' for what it has no place for. */
export function toOllamaMessages(messages: readonly ChatMessage[]): OllamaMessage[] {
  const nameOfCall = new Map<string, string>();
  return messages.map((message) => toOllamaMessage(message as unknown as JsonObject, nameOfCall));
}

function toOllamaMessage(message: JsonObject, nameOfCall: Map<string, string>): OllamaMessage {
  const { text, images } = readContent(message['content']);
  const role = textOf(message['role']) ?? '';
  if (role === 'tool' || role === 'function') return toToolMessage(message, text, nameOfCall);
  const known = ROLES.get(role);
  if (known === undefined) throw refused(`Invalid value for the role of a message: '${role}'.`);
  const thinking = textOf(message['reasoning_content']) ?? textOf(message['reasoning']);
  const calls = readCalls(message['tool_calls'], nameOfCall);
  return {
    role: known,
    content: text,
    ...(thinking !== undefined && { thinking }),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** Results find their call by the function's name there; the id helps only newer servers. */
function toToolMessage(message: JsonObject, content: string, nameOfCall: Map<string, string>): OllamaMessage {
  const id = textOf(message['tool_call_id']);
  const name = textOf(message['name']) ?? (id === undefined ? undefined : nameOfCall.get(id));
  return {
    role: 'tool',
    content,
    ...(name !== undefined && { tool_name: name }),
    ...(id !== undefined && { tool_call_id: id }),
  };
}

function readCalls(value: unknown, nameOfCall: Map<string, string>): NonNullable<OllamaMessage['tool_calls']> {
  if (!Array.isArray(value)) return [];
  return value.flatMap((call: unknown) => {
    const called = isObject(call) && isObject(call['function']) ? call['function'] : {};
    const name = textOf(called['name']);
    const id = isObject(call) ? textOf(call['id']) : undefined;
    if (name === undefined) return [];
    if (id !== undefined) nameOfCall.set(id, name);
    return [{ ...(id !== undefined && { id }), function: { name, arguments: argumentsObject(called['arguments']) } }];
  });
}

function readContent(content: unknown): { text: string; images: string[] } {
  if (!Array.isArray(content)) return { text: textOf(content) ?? '', images: [] };
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of content as unknown[]) {
    if (!isObject(part)) continue;
    if (part['type'] === 'image_url') images.push(imageOf(part['image_url']));
    else texts.push(textPart(part));
  }
  return { text: texts.join('\n'), images };
}

function textPart(part: JsonObject): string {
  if (part['type'] === 'text') return textOf(part['text']) ?? '';
  if (part['type'] === 'refusal') return textOf(part['refusal']) ?? '';
  throw refused(`Ollama takes texts and images in messages, no '${textOf(part['type']) ?? 'other'}' parts.`);
}

function imageOf(value: unknown): string {
  const url = textOf(isObject(value) ? value['url'] : value) ?? '';
  const [, base64] = /^data:[^,]*;base64,(.+)$/is.exec(url.trim()) ?? [];
  if (base64 === undefined) throw refused('Images must be data: URLs in base64.');
  return base64;
}

function refused(message: string): ModelError {
  return new ModelError('rejected', message, { status: 400, param: 'messages', code: 'invalid_value' });
}
