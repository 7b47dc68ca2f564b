import { askEngine } from './search-request.js';
import { readResults } from './result-list.js';
import type { WebSearch, WebSearchRequest, WebSearchResult } from './web-search.js';

/** https://docs.searxng.org/dev/search_api.html; `json` must be among the formats of its settings, else it answers 403. */
export class SearxngSearch implements WebSearch {
  readonly name = 'SearXNG';

  constructor(private readonly address: string) {}

  async search({ query, maxResults, signal }: WebSearchRequest): Promise<WebSearchResult[]> {
    const parameters = new URLSearchParams({ q: query, format: 'json' });
    const answer = await askEngine({
      engine: this.name,
      method: 'GET',
      url: `${this.address}/search?${parameters.toString()}`,
      headers: { accept: 'application/json' },
      signal,
    });
    return readResults(this.name, answer, 'publishedDate').slice(0, maxResults);
  }
}
