import { wellFormed } from '@libs/kernel';

/** A JSON object of unknown content, as it comes from a model server. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is a string that is not empty, else undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value if it is a finite number, else undefined. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * The value as JSON for a model server. Halves of characters, which texts that were cut may end in, become marks: servers
 * refuse a whole request for one.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!HALF.test(json)) return json;
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? wellFormed(item) : item));
}

/** As JSON writes them; a text that only looks so is none the worse for being read once more. */
const HALF = /\\ud[89a-f]/;

/** The parsed text, or undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
