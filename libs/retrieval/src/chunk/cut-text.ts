import { GRADE } from './boundary-grade.js';
import type { MeasuredText } from './measured-text.js';

export interface CutRules {
  maxTokens: number;
  /** How much of a chunk the next one repeats; at most half of `maxTokens`. */
  overlapTokens: number;
  /** 0–1: what share of a chunk must be filled before it ends at a good boundary; 1 cuts wherever it is full. */
  leastFill: number;
  /** A chunk that ends at a boundary of this grade or a better one is not repeated from. */
  noOverlapAcross: number;
}

/** A stretch between two boundaries, end exclusive. */
export interface Cut {
  start: number;
  end: number;
}

/**
 * Cuts from boundary `from` to `to`, greedily: each chunk ends at the best boundary that is near to its limit. Every
 * cut brings something new, so the number of cuts is bounded.
 *
 * @param grades of each boundary
 */
export async function cutText(
  text: MeasuredText,
  grades: Uint8Array,
  range: Cut,
  rules: CutRules,
  breathe: () => Promise<void> | undefined,
): Promise<Cut[]> {
  const cuts: Cut[] = [];
  let start = range.start;
  let covered = range.start;
  while (covered < range.end) {
    const end = chooseEnd(text, grades, { start, covered, limit: range.end }, rules);
    if (end <= covered) {
      // The repeated stretch and one indivisible piece are too much together.
      start = covered;
      continue;
    }
    cuts.push({ start, end });
    start = Math.max(start + 1, chooseRepeatFrom(text, grades, end, rules));
    covered = end;
    await breathe();
  }
  return cuts;
}

function chooseEnd(
  text: MeasuredText,
  grades: Uint8Array,
  { start, covered, limit }: { start: number; covered: number; limit: number },
  rules: CutRules,
): number {
  const furthest = Math.min(limit, text.furthest(start, rules.maxTokens));
  if (furthest === limit || furthest <= covered) return start === covered ? Math.max(furthest, start + 1) : furthest;
  const fresh = (rules.maxTokens - rules.overlapTokens) * rules.leastFill;
  const filled = text.furthest(start, rules.maxTokens * rules.leastFill);
  return bestBoundary(grades, Math.max(covered + 1, filled, text.furthest(covered, fresh)), furthest);
}

/** The last one of the best grade from `low` to `high`, both included. */
function bestBoundary(grades: Uint8Array, low: number, high: number): number {
  let best = high;
  for (let boundary = high - 1; boundary >= low; boundary -= 1) {
    if ((grades[boundary] ?? 0) > (grades[best] ?? 0)) best = boundary;
  }
  return best;
}

function chooseRepeatFrom(text: MeasuredText, grades: Uint8Array, end: number, rules: CutRules): number {
  if (rules.overlapTokens === 0 || (grades[end] ?? 0) >= rules.noOverlapAcross) return end;
  const earliest = text.earliest(end, rules.overlapTokens);
  if (rules.leastFill === 1) return earliest;
  for (let boundary = earliest; boundary < end; boundary += 1) {
    if ((grades[boundary] ?? 0) >= GRADE.sentence) return boundary;
  }
  return earliest;
}
