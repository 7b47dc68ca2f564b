import { contextTerm } from './postings/postings-builder.js';
import { rarityOf, shareOf } from './postings/impact.js';
import { visitPostings, type Range } from './postings/postings.js';
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
  /** By term; each may come in several pieces. */
  postings: ReadonlyMap<string, readonly Uint8Array[]>;
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

/** How the stores' chunks fare by the words of one query. Stores are ranked as if they were one. */
export class LexicalRanking {
  private readonly chunks: number;
  private readonly views: { store: StorePostings; visibility: Uint8Array }[];

  constructor(stores: readonly StorePostings[]) {
    this.chunks = stores.reduce((sum, store) => sum + store.chunks, 0);
    this.views = stores.map((store) => ({ store, visibility: visibilityOf(store) }));
  }

  /** The best chunks for the terms, at most `count`. Scores go from 0 to 1; 0 is left out. */
  rank(terms: readonly string[], count: number): { best: ScoredChunk[]; query: QueryTerms } {
    const scores = this.views.map(({ store }) => new Float32Array(store.size));
    const rarities = terms.map((term) => this.addTerm(scores, term, 1));
    for (const term of terms) this.addTerm(scores, contextTerm(term), CONTEXT_WEIGHT);
    const most = rarities.reduce((sum, rarity) => sum + rarity, 0);
    const top = new TopChunks(count);
    this.views.forEach(({ store, visibility }, index) => {
      collect(top, store.store, scores[index] ?? new Float32Array(), visibility);
    });
    const best = top.sorted().map((chunk) => ({ ...chunk, score: Math.min(1, chunk.score / most) }));
    return { best, query: { terms, rarities, most } };
  }

  /** Adds what the term is worth to every chunk that has it. Gives its rarity. */
  private addTerm(scores: readonly Float32Array[], term: string, weight: number): number {
    const found = this.views.map(({ store, visibility }) => decode(store.postings.get(term) ?? [], visibility));
    const holders = found.reduce((sum, { chunks }) => sum + chunks.length, 0);
    const rarity = rarityOf(holders, this.chunks);
    const worth = Array.from({ length: 256 }, (_, impact) => weight * rarity * shareOf(impact));
    found.forEach(({ chunks, impacts }, index) => {
      const target = scores[index];
      if (target === undefined) return;
      for (let at = 0; at < chunks.length; at += 1) {
        const chunk = chunks[at] ?? 0;
        target[chunk] = (target[chunk] ?? 0) + (worth[impacts[at] ?? 0] ?? 0);
      }
    });
    return rarity;
  }
}

function visibilityOf(store: StorePostings): Uint8Array {
  const visibility = new Uint8Array(store.size).fill(store.admitted === null ? ADMITTED : SEEN);
  for (const { start, end } of store.admitted ?? []) visibility.fill(ADMITTED, start, end);
  for (const { start, end } of store.hidden) visibility.fill(HIDDEN, start, end);
  return visibility;
}

/** The postings of chunks that are not hidden. */
function decode(pieces: readonly Uint8Array[], visibility: Uint8Array): { chunks: number[]; impacts: number[] } {
  const chunks: number[] = [];
  const impacts: number[] = [];
  for (const piece of pieces) {
    visitPostings(piece, (chunk, impact) => {
      // A posting past the end is of a file that was added after the store was looked up.
      if ((visibility[chunk] ?? HIDDEN) === HIDDEN) return;
      chunks.push(chunk);
      impacts.push(impact);
    });
  }
  return { chunks, impacts };
}

function collect(top: TopChunks, store: number, scores: Float32Array, visibility: Uint8Array): void {
  for (let chunk = 0; chunk < scores.length; chunk += 1) {
    const score = scores[chunk] ?? 0;
    if (score > top.floor && visibility[chunk] === ADMITTED) top.add({ store, chunk, score });
  }
}
