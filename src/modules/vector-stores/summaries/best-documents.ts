import type { SearchHit } from '@libs/retrieval';

export const MOST_DOCUMENTS = 10;
/** Of the best one's score: a summary that is less to the point is of another subject. */
const LEAST_SHARE = 0.5;

/** Which of the documents, whose summaries were found, are worth a closer look. */
export function bestDocuments(hits: readonly Pick<SearchHit, 'fileId' | 'score'>[]): string[] {
  const best = Math.max(0, ...hits.map(({ score }) => score));
  const close = hits.filter(({ score }) => score > 0 && score >= LEAST_SHARE * best);
  return [...new Set(close.map(({ fileId }) => fileId))].slice(0, MOST_DOCUMENTS);
}
