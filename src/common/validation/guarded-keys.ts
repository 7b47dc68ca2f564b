import { invalidRequest } from '@libs/openai-wire';

/**
 * class-transformer leaves out keys that every object has by birth (`constructor`, `toString`), and calls itself for
 * each level. A function's parameter may well have such a name, and nobody may overflow the stack: keys are renamed
 * before it, and given back where the content is the client's own.
 */
const MARK = '\0';
const INBORN = new Set(Object.getOwnPropertyNames(Object.prototype));

/** No body of the wire is deeper than a few levels, save the schemas inside. */
const DEEPEST_BODY = 100;

/** A copy in which no key is one that every object has. Throws a WireError for a value that is nested too deeply. */
export function guardKeys(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST_BODY) throw invalidRequest('The request is nested too deeply.');
  return mapTree(
    value,
    (key) => (INBORN.has(key) ? MARK + key : key),
    (item) => guardKeys(item, depth + 1),
  );
}

/** Undoes guardKeys. */
export function restoreKeys(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? mapTree(value, originalKey, restoreKeys) : value;
}

export function originalKey(key: string): string {
  return key.startsWith(MARK) ? key.slice(MARK.length) : key;
}

function mapTree(tree: object, toKey: (key: string) => string, toItem: (item: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map(toItem);
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [toKey(key), toItem(item)]));
}
