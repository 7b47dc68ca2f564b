const LONGEST_STRING = 200;
const MOST_ENTRIES = 10;
const DEEPEST = 3;

/** A value made small enough to be shown: long strings, wide and deep structures are cut. */
export function sample(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > LONGEST_STRING ? `${value.slice(0, LONGEST_STRING)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return Array.isArray(value) ? '[…]' : '{…}';
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((entry) => sample(entry, depth + 1));
  const entries = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(entries.map(([key, entry]) => [key.slice(0, LONGEST_STRING), sample(entry, depth + 1)]));
}
