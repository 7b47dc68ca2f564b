import { jsonrepair } from 'jsonrepair';

/** Characters beyond which a text is not repaired: it is no call, or one that nobody should make. */
const MOST_CHARACTERS = 256 * 1024;

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a text that is JSON, or was meant to be: quotes, commas and brackets are put right. Undefined for all else. */
export function parseLeniently(text: string): unknown {
  return parseStrictly(text) ?? parseStrictly(repairJson(text) ?? '');
}

/** The text with its flaws put right, else as it is written. Null where it is beyond repair. */
export function repairJson(text: string): string | null {
  if (text.length > MOST_CHARACTERS) return null;
  try {
    return jsonrepair(text);
  } catch {
    return null;
  }
}

/** Undefined where the text is no JSON. */
export function parseStrictly(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
