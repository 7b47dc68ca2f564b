import { contextTerm } from './postings/postings-builder.js';
import { rarityOf, shareOf } from './postings/impact.js';
import type { Postings, Range } from './postings/postings.js';
import { TopChunks, type ScoredChunk } from './top-chunks.js';

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

const HIDDEN = 0;
const SEEN = 1;
const ADMITTED = 2;

interface View {
  store: StorePostings;
  /** By chunk; null where all are admitted. */
  visibility: Uint8Array | null;
}

/** How the stores' chunks fare by the words of one query. Stores are ranked as if they were one. */
export class LexicalRanking {
  private readonly chunks: number;
  private readonly views: View[];

  constructor(stores: readonly StorePostings[]) {
    this.chunks = stores.reduce((sum, store) => sum + store.chunks, 0);
    this.views = stores.map((store) => ({ store, visibility: visibilityOf(store) }));
  }

  /** The best chunks for the terms, at most `count`. Scores go from 0 to 1; 0 is left out. */
  rank(terms: readonly string[], count: number): { best: ScoredChunk[]; query: QueryTerms } {
    const rarities = terms.map((term) => this.rarityOf(term));
    const contextRarities = terms.map((term) => this.rarityOf(contextTerm(term)));
    const most = rarities.reduce((sum, rarity) => sum + rarity, 0);
    const top = new TopChunks(count);
    for (const { store, visibility } of this.views) {
      const scores = new Float32Array(store.size);
      terms.forEach((term, index) => {
        addWorth(scores, store.postings.get(term), rarities[index] ?? 0);
        addWorth(scores, store.postings.get(contextTerm(term)), CONTEXT_WEIGHT * (contextRarities[index] ?? 0));
      });
      collect(top, store.store, scores, visibility);
    }
    const best = top.sorted().map((chunk) => ({ ...chunk, score: Math.min(1, chunk.score / most) }));
    return { best, query: { terms, rarities, most } };
  }

  private rarityOf(term: string): number {
    const holders = this.views.reduce((sum, view) => sum + holdersOf(view, term), 0);
    return rarityOf(holders, this.chunks);
  }
}

function visibilityOf({ size, admitted, hidden }: StorePostings): Uint8Array | null {
  if (admitted === null && hidden.length === 0) return null;
  const visibility = new Uint8Array(size).fill(admitted === null ? ADMITTED : SEEN);
  for (const { start, end } of admitted ?? []) visibility.fill(ADMITTED, start, end);
  for (const { start, end } of hidden) visibility.fill(HIDDEN, start, end);
  return visibility;
}

/** How many chunks that are not hidden have the term. */
function holdersOf({ store, visibility }: View, term: string): number {
  const chunks = store.postings.get(term)?.chunks;
  if (chunks === undefined) return 0;
  // A posting past the end is of a file that was added after the store was looked up.
  let seen = chunks.length;
  while (seen > 0 && (chunks[seen - 1] ?? 0) >= store.size) seen -= 1;
  if (visibility === null) return seen;
  let holders = 0;
  for (let at = 0; at < seen; at += 1) holders += visibility[chunks[at] ?? 0] === HIDDEN ? 0 : 1;
  return holders;
}

/** Adds what the term is worth to every chunk that has it; what is written past the end goes nowhere. */
function addWorth(scores: Float32Array, postings: Postings | undefined, worth: number): void {
  if (postings === undefined) return;
  const { chunks, impacts } = postings;
  const step = worth * shareOf(1);
  for (let at = 0; at < chunks.length; at += 1) {
    const chunk = chunks[at] ?? 0;
    scores[chunk] = (scores[chunk] ?? 0) + step * (impacts[at] ?? 0);
  }
}

function collect(top: TopChunks, store: number, scores: Float32Array, visibility: Uint8Array | null): void {
  let { floor } = top;
  for (let chunk = 0; chunk < scores.length; chunk += 1) {
    const score = scores[chunk] ?? 0;
    if (score <= floor || (visibility !== null && visibility[chunk] !== ADMITTED)) continue;
    top.add({ store, chunk, score });
    ({ floor } = top);
  }
}
