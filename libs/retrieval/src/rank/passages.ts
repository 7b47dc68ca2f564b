import type { QueryTerms } from './lexical.js';
import { hashOf, STEP, stepsOf, type Sketch } from './sketch.js';

/** A stretch of a chunk's text, in UTF-16 offsets into it, and the share of the query's worth that it holds. */
export interface Passage {
  start: number;
  end: number;
  score: number;
}

/**
 * The passages of a chunk that hold any of the query's terms: each two steps long, and one step after the one before. A
 * chunk whose terms stand together in one of them rather answers the query than one that has them far apart.
 *
 * @param length of the chunk's text
 */
export function passagesOf({ offsets, hashes }: Sketch, length: number, query: QueryTerms): Passage[] {
  const worths = new Map(query.terms.map((term, index) => [hashOf(term), query.rarities[index] ?? 0]));
  const steps = Array.from({ length: stepsOf(hashes.length) }, () => new Set<number>());
  hashes.forEach((hash, index) => {
    if (worths.has(hash)) steps[Math.floor(index / STEP)]?.add(hash);
  });
  const passages: Passage[] = [];
  for (let step = 0; step < Math.max(1, steps.length - 1); step += 1) {
    const found = new Set([...(steps[step] ?? []), ...(steps[step + 1] ?? [])]);
    const worth = [...found].reduce((sum, hash) => sum + (worths.get(hash) ?? 0), 0);
    if (worth > 0) {
      passages.push({ start: offsets[step] ?? 0, end: offsets[step + 2] ?? length, score: worth / query.most });
    }
  }
  return passages;
}
