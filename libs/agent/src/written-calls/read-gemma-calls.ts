import { isObject, parseLeniently } from './parse-leniently.js';
import type { WrittenCall } from './written-call.js';

const CALL = /^call:([\w.:-]+)\s*[{(]([\s\S]*?)[})]?$/;
/** Gemma 4 has a token for quotes, FunctionGemma another. */
const QUOTED = /(<\|"\|>|<escape>)([\s\S]*?)(?:\1|$)/g;

/** `call:name{key:<|"|>text<|"|>,other:5}`: JSON but for the quotes. Null for anything else. */
export function readGemmaCalls(text: string): WrittenCall[] | null {
  const [, name, body] = CALL.exec(text.trim()) ?? [];
  if (name === undefined || body === undefined) return null;
  const written = `{${body.replace(QUOTED, (_whole, _token, value: string) => JSON.stringify(value))}}`;
  const parsed = parseLeniently(written);
  return [{ name, arguments: isObject(parsed) ? JSON.stringify(parsed) : written }];
}
