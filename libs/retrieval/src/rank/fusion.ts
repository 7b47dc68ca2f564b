import type { ScoredChunk } from './top-chunks.js';

/** One way of ranking, best first, and how much it counts. */
export interface WeightedRanking {
  weight: number;
  ranking: readonly ScoredChunk[];
}

/** Cormack, Clarke and Büttcher, "Reciprocal rank fusion" (2009): what makes first and second place nearly equal. */
const RANK_OFFSET = 60;

/**
 * Reciprocal rank fusion: order by the sum of weight / (60 + rank). The score is that sum as a share of what the first
 * place in every ranking gives.
 */
export function fuse(rankings: readonly WeightedRanking[]): ScoredChunk[] {
  const counting = rankings.filter(({ weight }) => weight > 0);
  const most = counting.reduce((sum, { weight }) => sum + weight / (RANK_OFFSET + 1), 0);
  const fused = new Map<string, ScoredChunk>();
  for (const { weight, ranking } of counting) {
    ranking.forEach(({ store, chunk }, index) => {
      const key = keyOf({ store, chunk });
      const entry = fused.get(key) ?? { store, chunk, score: 0 };
      entry.score += weight / (RANK_OFFSET + 1 + index) / most;
      fused.set(key, entry);
    });
  }
  return [...fused.values()].sort((one, other) => other.score - one.score);
}

/** A chunk's name among all stores. */
export function keyOf({ store, chunk }: { store: number; chunk: number }): string {
  return `${store}:${chunk}`;
}
