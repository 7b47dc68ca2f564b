import {
  fuse,
  keyOf,
  lexicalRelevance,
  PassageFinder,
  type Candidate,
  type Passage,
  type QueryTerms,
  type ScoredChunk,
} from '@libs/retrieval';
import type { FoundChunk } from './index-search.repository.js';

/** How chunks fare by the words of one query. */
export interface RankedQuery {
  best: ScoredChunk[];
  query: QueryTerms;
}

export type FoundCandidate = Candidate & {
  found: FoundChunk;
  /** How well it answers by itself, from 0 to 1, whatever the others are. */
  relevance: number;
  /** The same by its words alone, and by its vector alone. */
  byWords: number;
  byVectors: number;
};

/** A single ranking as it is; several by reciprocal rank fusion. */
export function mergeRankings(
  lexical: readonly RankedQuery[],
  textWeight: number,
  dense: readonly ScoredChunk[][],
  embeddingWeight: number,
): ScoredChunk[] {
  const rankings = [
    ...lexical.map(({ best }) => ({ weight: textWeight, ranking: best })),
    ...dense.map((ranking) => ({ weight: embeddingWeight, ranking })),
  ];
  const [only] = rankings;
  return rankings.length === 1 && only !== undefined ? [...only.ranking] : fuse(rankings);
}

/** The ranked chunks that are still there, with what the choice among them goes by. */
export function candidatesOf(
  merged: readonly ScoredChunk[],
  found: readonly FoundChunk[],
  lexical: readonly RankedQuery[],
  dense: readonly ScoredChunk[][],
): FoundCandidate[] {
  const byKey = new Map(found.map((each) => [keyOf({ store: each.store, chunk: each.number }), each]));
  const byWords = bestScores(lexical.map(({ best }) => best));
  const byVectors = bestScores(dense);
  const finders = [...new Set(lexical.map(({ query }) => query))].map((query) => new PassageFinder(query));
  return merged.flatMap((scored) => {
    const key = keyOf(scored);
    const chunk = byKey.get(key);
    if (chunk === undefined) return [];
    const passages = passagesIn(chunk, finders);
    const words = lexicalRelevance(byWords.get(key) ?? 0, passages);
    const similarity = byVectors.get(key) ?? 0;
    return [
      {
        file: `${chunk.store}:${chunk.fileId}`,
        ...{ start: chunk.chunk.start, end: chunk.chunk.end, score: scored.score, passages, found: chunk },
        ...{ relevance: Math.max(words, similarity), byWords: words, byVectors: similarity },
      },
    ];
  });
}

function bestScores(rankings: readonly (readonly ScoredChunk[])[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const scored of rankings.flat()) {
    best.set(keyOf(scored), Math.max(best.get(keyOf(scored)) ?? 0, scored.score));
  }
  return best;
}

function passagesIn({ chunk, sketch }: FoundChunk, finders: readonly PassageFinder[]): Passage[] {
  return finders
    .flatMap((finder) => finder.find(sketch, chunk.text.length))
    .map(({ start, end, score }) => ({ start: chunk.start + start, end: chunk.start + end, score }));
}
