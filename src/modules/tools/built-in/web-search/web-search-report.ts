import type { WebSearchResult } from './web-search.js';

/** What the model reads of a search. No numbers: models would cite by them, and `[1]` is the first of file_search's sources. */
export function webSearchReport(query: string, results: readonly WebSearchResult[]): string {
  if (results.length === 0) return `Nothing was found for ${JSON.stringify(query)}.`;
  return results
    .map(({ title, url, content, publishedDate }) => {
      const date = publishedDate === undefined ? '' : `\nPublished: ${publishedDate}`;
      return `${title}\n${url}${date}\n${content}`.trimEnd();
    })
    .join('\n\n');
}
