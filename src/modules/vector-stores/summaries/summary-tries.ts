const MOST_TRIES = 5;
const FIRST_DELAY_MS = 30_000;
const LATER_BY = 4;

/**
 * When a summary is tried again that failed; null: no more. Half an hour's silence of the model is not the end of it.
 * @param tries how often it was tried, this time included
 */
export function delayAfter(tries: number): number | null {
  return tries >= MOST_TRIES ? null : FIRST_DELAY_MS * LATER_BY ** (tries - 1);
}
