import { isObject, parseLeniently, parseStrictly } from './parse-leniently.js';
import { argumentSchema, toKnownName, type KnownFunctions, type WrittenCall } from './written-call.js';

/** Qwen3-Coder and Llama: `<function=name>`; MiniMax, DeepSeek V3.2 and Claude's old form: `<invoke name="name">`. */
const FUNCTION = /<function=([^>\s]+)\s*>([\s\S]*?)(?:<\/function>|(?=<function=)|$)/g;
const INVOKE = /<(?:｜DSML｜)?invoke name="([^"]+)"\s*>([\s\S]*?)(?:<\/(?:｜DSML｜)?invoke>|$)/g;
const PARAMETER =
  /<(?:｜DSML｜)?parameter(?:=| name=")([^>"\s]+)"?(?: string="(?:true|false)")?\s*>([\s\S]*?)(?:<\/(?:｜DSML｜)?parameter>|(?=<parameter=)|$)/g;
/** GLM: the name, then pairs of key and value. */
const KEY_AND_VALUE = /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)(?:<\/arg_value>|$)/g;

/** Calls whose arguments stand in tags of their own. Null where there are none. */
export function readTagCalls(text: string, known: KnownFunctions): WrittenCall[] | null {
  const pairs = [...text.matchAll(KEY_AND_VALUE)];
  const functions = [...text.matchAll(FUNCTION), ...text.matchAll(INVOKE)];
  if (functions.length > 0) return functions.map(([, name = '', body = '']) => toCall(name, body, known));
  if (pairs.length === 0) return null;
  const name = text.slice(0, text.indexOf('<arg_key>')).trim();
  return /^[\w.:-]+$/.test(name) ? [withArguments(name, pairs, known)] : null;
}

function toCall(name: string, body: string, known: KnownFunctions): WrittenCall {
  const parameters = [...body.matchAll(PARAMETER)];
  if (parameters.length > 0) return withArguments(name, parameters, known);
  const whole = body.trim();
  const parsed = parseLeniently(whole);
  return { name, arguments: isObject(parsed) ? JSON.stringify(parsed) : whole };
}

function withArguments(name: string, pairs: RegExpMatchArray[], known: KnownFunctions): WrittenCall {
  const definition = known.get(toKnownName(name, known));
  const values = pairs.map(([, key = '', text = '']) => {
    const argument = key.trim();
    return [argument, toValue(withoutFrame(text), argumentSchema(definition, argument))];
  });
  return { name, arguments: JSON.stringify(Object.fromEntries(values)) };
}

/** The line feeds between the tags and the value are not the value's. */
function withoutFrame(text: string): string {
  return text.replace(/^\r?\n/, '').replace(/\r?\n$/, '');
}

/** Tags say nothing of types; the schema does, and where it is silent the text itself. */
function toValue(text: string, schema: unknown): unknown {
  const type = isObject(schema) ? schema['type'] : undefined;
  if (type === 'string') return text;
  const parsed = parseStrictly(text.trim());
  if (parsed !== undefined) return parsed;
  if (type === 'object' || type === 'array') return parseLeniently(text) ?? text;
  const python: Record<string, unknown> = { True: true, False: false, None: null };
  return Object.hasOwn(python, text.trim()) ? python[text.trim()] : text;
}
