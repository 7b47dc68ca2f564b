import type { Chunk } from '@libs/retrieval';

/** Characters that a model reads at once: about 3,000 tokens, so that models of small contexts do. */
export const PART_CHARACTERS = 12_000;
/** Calls that a document may cost, besides the one that makes one summary of those of its parts. */
export const MOST_PARTS = 16;
/** A part is not cut in the midst of a line, where one ends within this share of its length. */
const BACKWARDS_SHARE = 0.2;
const LONGEST_SUMMARY = 1000;

/** The text of a document whose chunks these are, in their order: what overlaps is there once. */
export function textOfChunks(chunks: readonly Pick<Chunk, 'text' | 'start' | 'end'>[]): string {
  let told = 0;
  let text = '';
  for (const chunk of chunks) {
    if (chunk.end <= told) continue;
    if (chunk.start > told && text !== '') text += '\n';
    text += chunk.text.slice(Math.max(told - chunk.start, 0));
    told = chunk.end;
  }
  return text;
}

/**
 * The parts of a document that a model reads one by one. Of one that has too many, those that are spread evenly over it,
 * the first and the last among them.
 */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = endOfPart(text, start);
    const part = text.slice(start, end).trim();
    if (part !== '') parts.push(part);
    start = end;
  }
  return spread(parts, MOST_PARTS);
}

function endOfPart(text: string, start: number): number {
  const end = start + PART_CHARACTERS;
  if (end >= text.length) return text.length;
  const line = text.lastIndexOf('\n', end);
  return line > end - BACKWARDS_SHARE * PART_CHARACTERS ? line + 1 : end;
}

function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, place) => items[Math.round(place * step)]).filter(
    (item) => item !== undefined,
  );
}

/** A model's reply as one paragraph of bounded length; empty where it said nothing. */
export function toSummary(reply: string): string {
  const line = reply
    .replace(/^\s*(?:#+ |\*\*)?(?:the )?summary(?:\*\*)?:?(?:\*\*)?\s*\n/i, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
  if (line.length <= LONGEST_SUMMARY) return line;
  const cut = line.slice(0, LONGEST_SUMMARY).replace(/\p{Surrogate}$/u, '');
  const end = cut.lastIndexOf(' ');
  return `${end > 0 ? cut.slice(0, end) : cut}…`;
}
