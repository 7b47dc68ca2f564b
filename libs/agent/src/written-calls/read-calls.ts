import { readGemmaCalls } from './read-gemma-calls.js';
import { readJsonCalls } from './read-json-calls.js';
import { readPythonCalls } from './read-python-calls.js';
import { readTagCalls } from './read-tag-calls.js';
import { readNameAndJson, readTokenCalls } from './read-token-calls.js';
import { toKnownName, type KnownFunctions, type WrittenCall } from './written-call.js';

/** A fence may hold the tags of a call, which then hold the call. */
const WRAPPER = /^<(?:tool_calls?|function_call)>([\s\S]*?)(?:<\/(?:tool_calls?|function_call)>)?$/;

/** The calls in a text that is nothing but calls, in any of the known forms. Null where it is none of them. */
export function readCalls(text: string, known: KnownFunctions): WrittenCall[] | null {
  const calls = readAny(text.trim().replace(WRAPPER, '$1').trim(), known);
  return calls && calls.map((call) => ({ ...call, name: toKnownName(call.name, known) }));
}

function readAny(text: string, known: KnownFunctions): WrittenCall[] | null {
  if (text === '') return null;
  const marked = readTokenCalls(text) ?? readTagCalls(text, known) ?? readGemmaCalls(text);
  if (marked) return marked;
  const json = /^[[{]/.test(text) ? readJsonCalls(text, known) : null;
  if (json) return json;
  const named = readNameAndJson(text);
  return named ? [named] : readPythonCalls(text, known);
}
