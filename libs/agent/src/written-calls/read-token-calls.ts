import { isObject, parseLeniently } from './parse-leniently.js';
import type { WrittenCall } from './written-call.js';

/** DeepSeek: V3 and R1 with a kind and a fence, V3.1 without. */
const DEEPSEEK =
  /<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?([^\n<｜{]+?)(?:<｜tool▁sep｜>|\s*\n)\s*(?:```(?:json)?\n?)?([\s\S]*?)(?:\n?```\s*)?(?:<｜tool▁call▁end｜>|(?=<｜tool▁call▁begin｜>)|$)/g;
/** Kimi K2: `functions.name:0`. */
const KIMI =
  /<\|tool_call_begin\|>\s*(?:functions\.)?([\w.-]+?)(?::\d+)?\s*<\|tool_call_argument_begin\|>([\s\S]*?)(?:<\|tool_call_end\|>|(?=<\|tool_call_begin\|>)|$)/g;
/** gpt-oss: a message to a function in the channel of comments. */
const HARMONY =
  /to=(?:functions\.)?([\w.-]+)[^<]*(?:<\|channel\|>commentary[^<]*)?(?:<\|constrain\|>\s*\w+\s*)?<\|message\|>([\s\S]*?)(?:<\|call\|>|<\|end\|>|$)/g;

/** Calls whose parts stand between tokens of the model's own. Null where there are none. */
export function readTokenCalls(text: string): WrittenCall[] | null {
  for (const pattern of [DEEPSEEK, KIMI, HARMONY]) {
    const found = [...text.matchAll(pattern)];
    if (found.length > 0) return found.map(([, name = '', body = '']) => withJson(name.trim(), body));
  }
  return null;
}

const NAME_AND_JSON = /^([\w.:-]+)(?:\[CALL_ID\][\w-]*)?(?:\[ARGS\])?\s*(\{[\s\S]*)$/;

/** A name and then its arguments: Mistral's newer form, Functionary's. Null for anything else. */
export function readNameAndJson(text: string): WrittenCall | null {
  const found = NAME_AND_JSON.exec(text.trim());
  return found ? withJson(found[1] ?? '', found[2] ?? '') : null;
}

function withJson(name: string, body: string): WrittenCall {
  const text = body.trim();
  const parsed = parseLeniently(text);
  return { name, arguments: isObject(parsed) ? JSON.stringify(parsed) : text };
}
