import { runInNewContext } from 'node:vm';

const LONGEST_MATCH_MS = 250;
const LONGEST_PADDING = 10_000;

export interface StringRules {
  format: string | undefined;
  pattern: string | undefined;
  shortest: number;
  longest: number;
}

/** Fixed, so that answers repeat. */
const FORMATS: Record<string, string> = {
  date: '2024-01-31',
  'date-time': '2024-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'demo@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
};
const FALLBACKS = ['example', 'A', 'a', '1', '2024-01-31', '12:00', 'A1', 'a1', '00000', 'a@b.co', '+10000000000'];

/**
 * A string that keeps the rules. Takes the first hint that does and removes it from the list. For a pattern that no
 * candidate matches (patterns cannot be inverted in general) the last candidate is given.
 */
export function stringFor(rules: StringRules, hints: string[], name: string): string {
  const fixed = rules.format === undefined ? undefined : FORMATS[rules.format];
  if (fixed !== undefined) return fixed;
  const found = hints.findIndex((hint) => keeps(hint, rules));
  if (found >= 0) return hints.splice(found, 1)[0] ?? '';
  const spoken = name === '' ? 'example' : `example ${name.replace(/[_-]+/g, ' ')}`;
  const candidates = [spoken, ...FALLBACKS].map((candidate) => fit(candidate, rules));
  return candidates.find((candidate) => keeps(candidate, rules)) ?? candidates.at(-1) ?? '';
}

function fit(text: string, { shortest, longest }: StringRules): string {
  return text.padEnd(Math.min(shortest, LONGEST_PADDING), 'x').slice(0, longest);
}

function keeps(text: string, { shortest, longest, pattern }: StringRules): boolean {
  const length = [...text].length;
  return length >= shortest && length <= longest && (pattern === undefined || matches(text, pattern));
}

/**
 * The pattern is the caller's and may be made to backtrack for ever; within `vm` it can be stopped. A broken one
 * matches nothing.
 */
function matches(text: string, pattern: string): boolean {
  try {
    return (
      runInNewContext('new RegExp(pattern, "u").test(text)', { pattern, text }, { timeout: LONGEST_MATCH_MS }) === true
    );
  } catch {
    return false;
  }
}
