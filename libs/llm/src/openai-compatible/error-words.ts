import { isObject, textOf } from '../json.js';

/** Of problems in a list; the first ones say enough. */
const MOST_PROBLEMS = 5;

/**
 * What an error says, out of a text, a problem of FastAPI (`{loc, msg}`), a list of either, or an object around them, as
 * Mistral's `{"message": {"detail": [...]}}`. Undefined where it says nothing.
 */
export function wordsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return textOf(value.trim());
  if (Array.isArray(value)) {
    const words = value.slice(0, MOST_PROBLEMS).flatMap((each: unknown) => wordsOf(each) ?? []);
    return textOf(words.join('; '));
  }
  if (!isObject(value)) return undefined;
  const place = Array.isArray(value['loc']) ? value['loc'].join('.') : undefined;
  const said = textOf(value['msg']) ?? wordsOf(value['message']) ?? wordsOf(value['detail']);
  return said === undefined || !place ? said : `${place}: ${said}`;
}

/** What a body says that is no JSON: itself, or, of a proxy's page, its title. */
export function wordsOfText(body: string): string | undefined {
  const text = body.trim();
  if (!text.startsWith('<')) return textOf(text);
  return textOf(/<title[^>]*>([^<]{1,200})<\/title>/i.exec(text)?.[1]?.trim());
}
