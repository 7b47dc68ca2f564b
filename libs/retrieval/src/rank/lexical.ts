import { rarityOf } from './postings/impact.js';
import { contextTerm } from './postings/postings-builder.js';
import { denseStore } from './stores/dense-store.js';
import { isChurned, sparseStore } from './stores/sparse-store.js';
import type { RankedStore, StorePostings, WeighedTerm } from './stores/ranked-store.js';
import { TopChunks, type ScoredChunk } from './top-chunks.js';

export type { StorePostings } from './stores/ranked-store.js';

/** The terms of one query, and how rare each is. */
export interface QueryTerms {
  terms: readonly string[];
  /** By term, at the same index. */
  rarities: readonly number[];
  /** The sum of all rarities: what a chunk has that says nothing but these terms. */
  most: number;
}

/** What a term in the file's name or in a heading adds, beside one in the text. */
const CONTEXT_WEIGHT = 0.5;

/** How the stores' chunks fare by the words of one query. Stores are ranked as if they were one. */
export class LexicalRanking {
  private readonly chunks: number;
  private readonly stores: RankedStore[];

  constructor(stores: readonly StorePostings[]) {
    this.chunks = stores.reduce((sum, store) => sum + store.chunks, 0);
    this.stores = stores.map((store) => (isChurned(store) ? sparseStore(store) : denseStore(store)));
  }

  /** The best chunks for the terms, at most `count`. Scores go from 0 to 1; 0 is left out. */
  rank(terms: readonly string[], count: number): { best: ScoredChunk[]; query: QueryTerms } {
    const rarities = terms.map((term) => this.rarityOf(term));
    const most = rarities.reduce((sum, rarity) => sum + rarity, 0);
    const weighed = terms.flatMap((term, index): WeighedTerm[] => [
      { term, worth: rarities[index] ?? 0 },
      { term: contextTerm(term), worth: CONTEXT_WEIGHT * this.rarityOf(contextTerm(term)) },
    ]);
    const top = new TopChunks(count);
    for (const store of this.stores) store.rank(weighed, top);
    const best = top.sorted().map((chunk) => ({ ...chunk, score: Math.min(1, chunk.score / most) }));
    return { best, query: { terms, rarities, most } };
  }

  private rarityOf(term: string): number {
    const holders = this.stores.reduce((sum, store) => sum + store.holders(term), 0);
    return rarityOf(holders, this.chunks);
  }
}
