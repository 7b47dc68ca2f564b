import { shareOf } from '../postings/impact.js';
import type { Postings } from '../postings/postings.js';
import type { TopChunks } from '../top-chunks.js';
import { ADMITTED, HIDDEN, known, SEEN, type RankedStore, type StorePostings } from './ranked-store.js';

/** Chunks for whose scores a place is kept from one ranking to the next: four megabytes, where a new one costs a search time. */
const KEPT_SCORES = 1_000_000;
let kept = new Float32Array();

/** A store with a place for each number that it has given out. */
export function denseStore(store: StorePostings): RankedStore {
  const visibility = visibilityOf(store);
  return {
    holders: (term) => holdersOf(store, visibility, term),
    rank: (terms, top) => {
      const scores = noScores(store.size);
      for (const { term, worth } of terms) addWorth(scores, store.postings.get(term), worth);
      collect(top, store.store, scores, visibility);
    },
  };
}

/** Zero for each chunk, until the next call. */
function noScores(size: number): Float32Array {
  if (size > KEPT_SCORES) return new Float32Array(size);
  if (size > kept.length) return (kept = new Float32Array(size));
  return kept.subarray(0, size).fill(0);
}

/** By chunk; null where all are admitted. */
function visibilityOf({ size, admitted, hidden }: StorePostings): Uint8Array | null {
  if (admitted === null && hidden.length === 0) return null;
  const visibility = new Uint8Array(size).fill(admitted === null ? ADMITTED : SEEN);
  for (const { start, end } of admitted ?? []) visibility.fill(ADMITTED, start, end);
  for (const { start, end } of hidden) visibility.fill(HIDDEN, start, end);
  return visibility;
}

function holdersOf(store: StorePostings, visibility: Uint8Array | null, term: string): number {
  const postings = store.postings.get(term);
  if (postings === undefined) return 0;
  const count = known(postings, store.size);
  if (visibility === null) return count;
  const { chunks } = postings;
  let holders = 0;
  for (let at = 0; at < count; at += 1) holders += visibility[chunks[at] ?? 0] === HIDDEN ? 0 : 1;
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
