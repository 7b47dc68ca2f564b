import { isObject, parseJson, textOf, type JsonObject } from '../json.js';

/** The arguments of a past call as an object. What a model broke stays to be seen in one field. */
export function argumentsObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  const text = textOf(value);
  if (text === undefined) return {};
  const parsed = parseJson(text);
  return isObject(parsed) ? parsed : { arguments: text };
}

/**
 * As text that servers can read again: vLLM, SGLang and llama.cpp parse the arguments of past calls for their chat
 * template, and refuse the whole conversation where that fails (https://github.com/vllm-project/vllm/issues/43995).
 */
export function readableArguments(value: unknown): string {
  const isReadable = typeof value === 'string' && isObject(parseJson(value));
  return isReadable ? value : JSON.stringify(argumentsObject(value));
}
