import type { QueryTerms } from './lexical.js';
import { hashOf, HASHES, STEP, stepsOf, type Sketch } from './sketch.js';

/** Of a word of a table of bits. */
const BITS = 32;
const WORD_SHIFT = 5;

/** A stretch of a chunk's text, in UTF-16 offsets into it, and the share of the query's worth that it holds. */
export interface Passage {
  start: number;
  end: number;
  score: number;
}

/**
 * Finds the passages of chunks that hold any of a query's terms: each two steps long, and one step after the one before.
 * A chunk whose terms stand together in one of them rather answers the query than one that has them far apart.
 */
export class PassageFinder {
  /** The number of the query's term, from 1, by its hash. */
  private readonly numbers = new Map<number, number>();
  /** A bit for each hash, which nearly all of the thousands of terms that are looked up end at. */
  private readonly known = new Uint32Array(HASHES / BITS);

  constructor(private readonly query: QueryTerms) {
    query.terms.forEach((term, index) => {
      const hash = hashOf(term);
      this.numbers.set(hash, index + 1);
      this.known[hash >>> WORD_SHIFT] = (this.known[hash >>> WORD_SHIFT] ?? 0) | (1 << (hash % BITS));
    });
  }

  /** @param length of the chunk's text */
  find({ offsets, hashes }: Sketch, length: number): Passage[] {
    const steps = this.termsByStep(hashes);
    const passages: Passage[] = [];
    for (let step = 0; step < Math.max(1, steps.length - 1); step += 1) {
      const worth = this.worthOf(steps[step], steps[step + 1]);
      if (worth === 0) continue;
      const score = worth / this.query.most;
      passages.push({ start: offsets[step] ?? 0, end: offsets[step + 2] ?? length, score });
    }
    return passages;
  }

  /** For each step the numbers of the terms in it; most steps have none. */
  private termsByStep(hashes: Uint16Array): (number[] | undefined)[] {
    const steps = new Array<number[] | undefined>(stepsOf(hashes.length));
    for (let index = 0; index < hashes.length; index += 1) {
      const hash = hashes[index] ?? 0;
      if (((this.known[hash >>> WORD_SHIFT] ?? 0) & (1 << (hash % BITS))) === 0) continue;
      const number = this.numbers.get(hash) ?? 0;
      const step = Math.floor(index / STEP);
      const numbers = (steps[step] ??= []);
      if (!numbers.includes(number)) numbers.push(number);
    }
    return steps;
  }

  private worthOf(one: readonly number[] = [], other: readonly number[] = []): number {
    let worth = 0;
    for (const number of one) worth += this.query.rarities[number - 1] ?? 0;
    for (const number of other) worth += one.includes(number) ? 0 : (this.query.rarities[number - 1] ?? 0);
    return worth;
  }
}
