import type { WebSearchResult } from './web-search.js';

/** What the model reads of a search. */
export function webSearchReport(query: string, results: readonly WebSearchResult[]): string {
  if (results.length === 0) return `Nothing was found for ${JSON.stringify(query)}.`;
  return results
    .map(({ title, url, content, publishedDate }, index) => {
      const date = publishedDate === undefined ? '' : `\nPublished: ${publishedDate}`;
      return `[${index + 1}] ${title}\n${url}${date}\n${content}`.trimEnd();
    })
    .join('\n\n');
}
