import { askEngine } from './search-request.js';
import { readResults } from './result-list.js';
import type { WebSearch, WebSearchRequest, WebSearchResult } from './web-search.js';

export interface TavilyOptions {
  address: string;
  apiKey: string;
}

/** https://docs.tavily.com/documentation/api-reference/endpoint/search */
export class TavilySearch implements WebSearch {
  readonly name = 'Tavily';

  constructor(private readonly options: TavilyOptions) {}

  async search({ query, maxResults, signal }: WebSearchRequest): Promise<WebSearchResult[]> {
    const answer = await askEngine({
      engine: this.name,
      method: 'POST',
      url: `${this.options.address}/search`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.options.apiKey}` },
      body: JSON.stringify({ query, max_results: maxResults, include_answer: false }),
      signal,
    });
    return readResults(this.name, answer, 'published_date').slice(0, maxResults);
  }
}
