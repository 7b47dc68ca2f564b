import type { ChatMessage } from '@libs/llm';
import { parseStrictly } from '../written-calls/parse-leniently.js';

/** A call that was made, and what came of it. */
export interface MadeCall {
  key: string;
  /** Undefined: there is none yet. */
  result: unknown;
}

/** The longest round of calls that is seen to be one. */
const LONGEST_CYCLE = 4;

/**
 * The calls since the user spoke, the oldest first. Read from the messages, so that a run that goes on elsewhere knows
 * them, too. A call that was refused counts as one more that had the result of the one before: who repeats it has still
 * learnt nothing.
 *
 * @param isRefusal whether a result only says that the function was called too often
 */
export function madeCalls(
  messages: readonly ChatMessage[],
  isRefusal: (name: string, result: unknown) => boolean,
): MadeCall[] {
  const begin = messages.findLastIndex(({ role }) => role === 'user') + 1;
  const made: (MadeCall & { id: string; name: string })[] = [];
  for (const message of messages.slice(begin)) {
    if (message.role === 'assistant') {
      for (const call of message.tool_calls ?? []) {
        if (call.type !== 'function') continue;
        const { name } = call.function;
        made.push({ key: keyOf(name, call.function.arguments), result: undefined, id: call.id, name });
      }
    } else if (message.role === 'tool') {
      // Some servers use an id in every turn again.
      const place = made.findLastIndex(({ id }) => id === message.tool_call_id);
      const call = made[place];
      if (!call) continue;
      const before = made.slice(0, place).findLast(({ key }) => key === call.key);
      call.result = before && isRefusal(call.name, message.content) ? before.result : message.content;
    }
  }
  return made;
}

/**
 * How often in a row the call was made with the same result: alone, or in turn with the same few other calls, which had
 * the same results, too.
 */
export function timesRepeated(made: readonly MadeCall[], key: string): number {
  const cycles = Array.from({ length: LONGEST_CYCLE }, (_, index) => timesInCycle(made, key, index + 1));
  return Math.max(...cycles);
}

function timesInCycle(made: readonly MadeCall[], key: string, length: number): number {
  if (made.at(-length)?.key !== key) return 0;
  let alike = 0;
  for (;;) {
    const later = made.at(-alike - 1);
    const earlier = made.at(-alike - 1 - length);
    if (!earlier || earlier.key !== later?.key || earlier.result !== later.result) break;
    alike += 1;
  }
  return 1 + Math.floor(alike / length);
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
