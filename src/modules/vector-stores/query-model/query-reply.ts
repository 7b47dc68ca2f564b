const LONGEST_QUERY = 1000;
const LIST_MARK = /^\s*(?:[-*•]|\(?\d{1,2}[.):])\s+/;
const QUOTES = /^["'“”«»`]+|["'“”«»`]+$/g;

/** The queries of a model's reply, one a line, without the marks and quotes that models add; at most `most`. */
export function readReplyQueries(reply: string, most: number): string[] {
  const lines = reply
    .split('\n')
    .map((line) =>
      line
        .replace(LIST_MARK, '')
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .replace(QUOTES, '')
        .trim(),
    )
    .map((line) => line.slice(0, LONGEST_QUERY).replace(/\p{Surrogate}/gu, '\ufffd'))
    .filter((line) => line !== '' && !line.endsWith(':'));
  return [...new Set(lines)].slice(0, most);
}

const SCORE = /(\d{1,3})\W{1,4}(\d{1,2}(?:\.\d+)?)(?:\s*\/\s*10)?/g;
const BEST_SCORE = 10;
/** Of the passages, to be believed at all. */
const LEAST_SCORED = 0.5;

/**
 * The scores of a model's reply as shares, by passage; 0 for a passage without one. Null where it scored fewer than half.
 * @param count of passages, which are numbered from 1
 */
export function readReplyScores(reply: string, count: number): number[] | null {
  const scores = new Map<number, number>();
  for (const [, number, score] of reply.matchAll(SCORE)) {
    const passage = Number(number);
    if (passage < 1 || passage > count || scores.has(passage)) continue;
    scores.set(passage, Math.min(BEST_SCORE, Number(score)) / BEST_SCORE);
  }
  if (scores.size === 0 || scores.size < count * LEAST_SCORED) return null;
  return Array.from({ length: count }, (_, index) => scores.get(index + 1) ?? 0);
}
