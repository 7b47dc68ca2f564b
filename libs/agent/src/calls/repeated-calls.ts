import type { ChatMessage } from '@libs/llm';
import { parseStrictly } from '../written-calls/parse-leniently.js';

/**
 * How often the conversation ends with this very call and the same result, without another call in between. Read from the
 * messages, so that a run that goes on elsewhere knows it, too.
 */
export function timesRepeated(messages: readonly ChatMessage[], name: string, given: string): number {
  const key = keyOf(name, given);
  const results = new Map(
    messages.flatMap((message) => (message.role === 'tool' ? [[message.tool_call_id, message.content] as const] : [])),
  );
  let result: unknown;
  let count = 0;
  for (const message of messages.toReversed()) {
    if (message.role === 'user') break;
    if (message.role !== 'assistant' || !message.tool_calls) continue;
    for (const call of message.tool_calls.toReversed()) {
      const isSame = call.type === 'function' && keyOf(call.function.name, call.function.arguments) === key;
      const itsResult = results.get(call.id);
      if (!isSame || (count > 0 && itsResult !== result)) return count;
      result = itsResult;
      count += 1;
    }
  }
  return count;
}

/** The same for arguments that differ in white space and in the order of their names only. */
export function keyOf(name: string, given: string): string {
  const value = parseStrictly(given);
  return `${name} ${value === undefined ? given.trim() : JSON.stringify(sorted(value))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
