import type { Postings, Range } from '../postings/postings.js';
import type { TopChunks } from '../top-chunks.js';

/** What a store's index says of the terms of a search. */
export interface StorePostings {
  store: number;
  /** Chunk numbers of the store are below it. */
  size: number;
  /** Chunks that searches see, whether a filter admits them or not. */
  chunks: number;
  /** Chunks of files that are being written, or are gone and not yet cleaned away. */
  hidden: readonly Range[];
  /** The chunks that the search's filter admits; null without a filter. */
  admitted: readonly Range[] | null;
  /** By term. */
  postings: ReadonlyMap<string, Postings>;
}

/** A term, and what a chunk gains that says nothing else. */
export interface WeighedTerm {
  term: string;
  worth: number;
}

/** A store whose chunks can be ranked. */
export interface RankedStore {
  /** How many chunks that are not hidden have the term. */
  holders(term: string): number;
  /** Adds the store's admitted chunks by what they have of the terms, in the order of their numbers. */
  rank(terms: readonly WeighedTerm[], top: TopChunks): void;
}

/** Of a chunk. Hidden ones count for nothing; those that are not admitted count in how rare a term is. */
export const HIDDEN = 0;
export const SEEN = 1;
export const ADMITTED = 2;

/** How many postings are of chunks that the store had when it was looked up; others were added since. */
export function known({ chunks }: Postings, size: number): number {
  let count = chunks.length;
  while (count > 0 && (chunks[count - 1] ?? 0) >= size) count -= 1;
  return count;
}
