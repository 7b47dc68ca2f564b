import { jsonValuesIn } from './json-extent.js';
import { isObject, parseLeniently, type JsonObject } from './parse-leniently.js';
import type { KnownFunctions, WrittenCall } from './written-call.js';

/** What model families call a function's name and its arguments. */
export const NAME_KEYS = ['name', 'tool_name', 'tool', 'function_name', 'action', 'recipient_name', 'function'];
export const ARGUMENT_KEYS = [
  'arguments',
  'parameters',
  'args',
  'input',
  'action_input',
  'tool_input',
  'params',
  'kwargs',
];
/** Keys that stand beside them. */
export const OTHER_KEYS = ['id', 'type', 'tool_call_id', 'tool_calls', 'index'];

/** The calls that a text of JSON makes: an object, a list, or several of either. Null where any part is no call. */
export function readJsonCalls(text: string, known: KnownFunctions): WrittenCall[] | null {
  const calls: WrittenCall[] = [];
  for (const written of jsonValuesIn(text)) {
    const found = callsOf(parseLeniently(written), known);
    if (found === null) return null;
    calls.push(...found);
  }
  return calls.length === 0 ? null : calls;
}

function callsOf(value: unknown, known: KnownFunctions): WrittenCall[] | null {
  if (isObject(value) && Array.isArray(value['tool_calls'])) return callsOf(value['tool_calls'], known);
  if (!Array.isArray(value)) {
    const call = isObject(value) ? callOf(value, known) : null;
    return call && [call];
  }
  const calls = value.map((item: unknown) => (isObject(item) ? callOf(item, known) : null));
  return calls.includes(null) ? null : calls.filter((call) => call !== null);
}

function callOf(value: JsonObject, known: KnownFunctions): WrittenCall | null {
  const nested = value['function'];
  if (isObject(nested)) return callOf(nested, known);
  const nameKey = NAME_KEYS.find((key) => typeof value[key] === 'string');
  if (nameKey === undefined) return namedByKey(value, known);
  const name = String(value[nameKey]);
  const argumentsKey = ARGUMENT_KEYS.find((key) => key in value);
  if (argumentsKey !== undefined) return { name, arguments: toArguments(value[argumentsKey]) };
  const rest = Object.keys(value).filter((key) => key !== nameKey && !OTHER_KEYS.includes(key));
  return rest.length === 0 && known.has(name) ? { name, arguments: '{}' } : null;
}

/** `{"get_weather": {"city": "Oslo"}}`, as small models write it. */
function namedByKey(value: JsonObject, known: KnownFunctions): WrittenCall | null {
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0 || !known.has(entry[0]) || !isObject(entry[1])) return null;
  return { name: entry[0], arguments: JSON.stringify(entry[1]) };
}

/** Some write the arguments as a text of JSON, some leave them null. */
function toArguments(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value ?? {});
}
