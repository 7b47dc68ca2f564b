import { LexicalRanking } from '@libs/retrieval';
import type { StoreView } from './index-lookup.repository.js';
import type { RankedQuery } from './search-candidates.js';

/**
 * A ranking by words for each query that has some, and beside it one of the preferred files alone, where there are any.
 * How rare a word is, is counted in the whole stores for both.
 *
 * @param queries their terms
 * @param count the most chunks of each ranking
 */
export function rankByWords(
  queries: readonly (readonly string[])[],
  stores: readonly StoreView[],
  count: number,
): RankedQuery[] {
  const ofAll = new LexicalRanking(stores);
  const isGuided = stores.some(({ preferred }) => preferred.length > 0);
  const ofPreferred = isGuided
    ? new LexicalRanking(stores.map((store) => ({ ...store, admitted: store.preferred })))
    : null;
  return queries
    .filter((terms) => terms.length > 0)
    .flatMap((terms) => {
      const all = ofAll.rank(terms, count);
      return ofPreferred === null ? [all] : [all, { best: ofPreferred.rank(terms, count).best, query: all.query }];
    });
}
