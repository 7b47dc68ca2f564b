import type { QueryExpander } from '../../src/modules/vector-stores/query-model/query-expander.js';

/** Rewrites a question to its last word, and thinks of no variants. */
export class WordExpander implements QueryExpander {
  rewrite(queries: readonly string[]): Promise<string[]> {
    return Promise.resolve([...queries.map((query) => query.split(' ').at(-1) ?? ''), ...queries]);
  }

  vary(queries: readonly string[]): Promise<string[]> {
    return Promise.resolve([...queries]);
  }
}
