import type { Passage } from './passages.js';

/** What may become a result. */
export interface Candidate {
  /** Tells files apart, across stores. */
  file: string;
  /** UTF-16 offsets into the file's text. */
  start: number;
  end: number;
  /** From 0 to 1. */
  score: number;
  /** In offsets into the file's text. */
  passages: readonly Passage[];
}

/** How much the best passage counts beside the chunk's own score. */
export const PASSAGE_WEIGHT = 0.5;
/** How much of its score a chunk loses that the results so far show entirely. */
const REPETITION_COST = 0.3;

/** How well a chunk answers by its words alone: its own score with that of its best passage in it, from 0 to 1. */
export function lexicalRelevance(score: number, passages: readonly Passage[]): number {
  return (score + PASSAGE_WEIGHT * bestOf(passages)) / (1 + PASSAGE_WEIGHT);
}

/**
 * Chooses results one by one, each for what it adds to those before it: chunks of one file overlap, and the second one
 * with the same passage in it would take the place of another answer.
 */
export function select<Item extends Candidate>(candidates: readonly Item[], count: number): Item[] {
  const left = new Set(candidates);
  const chosen: Item[] = [];
  while (chosen.length < count && left.size > 0) {
    let best: Item | undefined;
    let most = -Infinity;
    for (const candidate of left) {
      const worth = worthBeside(candidate, chosen);
      if (worth > most) [best, most] = [candidate, worth];
    }
    if (best === undefined) break;
    left.delete(best);
    // Wholly inside another result: nothing of it would be new.
    if (!chosen.some((other) => contains(other, best))) chosen.push(best);
  }
  return chosen;
}

function worthBeside(candidate: Candidate, chosen: readonly Candidate[]): number {
  const neighbours = chosen.filter(({ file }) => file === candidate.file);
  const shown = Math.max(0, ...neighbours.map((other) => overlapOf(candidate, other)));
  const share = shown / Math.max(1, candidate.end - candidate.start);
  const fresh = candidate.passages.filter((passage) => !neighbours.some((other) => spans(other, passage)));
  return candidate.score * (1 - REPETITION_COST * share) + PASSAGE_WEIGHT * bestOf(fresh);
}

function bestOf(passages: readonly Passage[]): number {
  return passages.reduce((most, { score }) => Math.max(most, score), 0);
}

function overlapOf(one: Candidate, other: Candidate): number {
  return Math.min(one.end, other.end) - Math.max(one.start, other.start);
}

function contains(outer: Candidate, inner: Candidate): boolean {
  return outer.file === inner.file && spans(outer, inner);
}

function spans(outer: { start: number; end: number }, inner: { start: number; end: number }): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
