/**
 * The scores to show for results in the order that was chosen for them, given how relevant each is by itself. A result
 * that was placed lower for repeating others lends its score to those before it, so that scores never rise.
 */
export function fallingScores(relevances: readonly number[]): number[] {
  let most = 0;
  return relevances
    .map((_, index) => (most = Math.max(most, clamp(relevances[relevances.length - 1 - index] ?? 0))))
    .reverse();
}

/** The score of a cross-encoder as a share: those outside 0 to 1 are taken for logits, all of them. */
export function asShares(scores: readonly number[]): number[] {
  const shares = scores.every((score) => score >= 0 && score <= 1);
  return scores.map((score) => (shares ? score : 1 / (1 + Math.exp(-score))));
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0));
}
