import type { DocumentMetadata } from '../../../ports/document.js';
import { sample } from './sample.js';

const MOST_KEYS = 100;
const LONGEST_KEY = 100;
const SAMPLED_KEYS = 5;
const SAMPLED_ITEMS = 2;

/** What a JSON value is made of. */
export function describeJson(value: unknown): DocumentMetadata {
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const sampled = items.slice(0, SAMPLED_ITEMS).map((item) => sample(item, 1));
    return { structure: 'array', length: items.length, first_item_type: typeName(items[0]), sample: sampled };
  }
  if (typeof value !== 'object' || value === null) return { structure: 'primitive', sample: sample(value) };
  const entries = Object.entries(value);
  return {
    structure: 'object',
    keys: entries.slice(0, MOST_KEYS).map(([key]) => key.slice(0, LONGEST_KEY)),
    key_count: entries.length,
    sample: sample(Object.fromEntries(entries.slice(0, SAMPLED_KEYS))),
  };
}

function typeName(value: unknown): string | null {
  if (value === undefined) return null;
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
