/** BM25's saturation of repeated words and its discount for long texts (Robertson and Zaragoza, 2009). */
const SATURATION = 1.2;
const LENGTH_DISCOUNT = 0.75;
/**
 * The length that has no discount, in terms: about that of a chunk of 800 tokens. A constant in place of the corpus's
 * mean lets a term's weight in a chunk be computed once, when it is written; among chunks of equal length the mean
 * makes no difference to the order.
 */
const USUAL_LENGTH = 300;

const STEPS = 255;

/**
 * How much a term that stands `count` times among the `length` terms of a chunk says about it, from 0 to 1: BM25's
 * factor beside the term's rarity. In steps of 1/255, so that it fits a byte.
 */
export function impactOf(count: number, length: number): number {
  const discount = SATURATION * (1 - LENGTH_DISCOUNT + (LENGTH_DISCOUNT * length) / USUAL_LENGTH);
  return Math.max(1, Math.round((STEPS * count) / (count + discount)));
}

/** What `impactOf` gave, as a share. */
export function shareOf(impact: number): number {
  return impact / STEPS;
}

/** BM25's inverse document frequency: how rare a term is that `holders` of `chunks` chunks have. */
export function rarityOf(holders: number, chunks: number): number {
  return Math.log(1 + (Math.max(0, chunks - holders) + 0.5) / (holders + 0.5));
}
