import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../../common/config.token.js';
import { SearxngSearch } from './searxng.js';
import { TavilySearch } from './tavily.js';
import { WebSearchError, type WebSearch, type WebSearchRequest, type WebSearchResult } from './web-search.js';

export const WEB_SEARCH_LIMITS = {
  /** Characters. */
  longestQuery: 400,
  defaultResults: 5,
  mostResults: 20,
} as const;

export const NOT_CONFIGURED = 'This server has no web search: TAVILY_API_KEY or SEARXNG_URL must be set.';

/** The administrator's search engine. Only the query leaves the house, and only to that engine. */
@Injectable()
export class WebSearchService {
  private readonly engine: WebSearch | null;

  constructor(@Inject(CONFIG) config: Pick<Config, 'TAVILY_API_KEY' | 'TAVILY_URL' | 'SEARXNG_URL'>) {
    this.engine = engineOf(config);
  }

  get isConfigured(): boolean {
    return this.engine !== null;
  }

  /** Throws WebSearchError. */
  async search(request: WebSearchRequest): Promise<WebSearchResult[]> {
    if (!this.engine) throw new WebSearchError(NOT_CONFIGURED);
    return this.engine.search(request);
  }
}

/** SearXNG, the self-hosted one, wins where both are there. */
function engineOf(config: Pick<Config, 'TAVILY_API_KEY' | 'TAVILY_URL' | 'SEARXNG_URL'>): WebSearch | null {
  if (config.SEARXNG_URL !== undefined) return new SearxngSearch(config.SEARXNG_URL);
  if (config.TAVILY_API_KEY === undefined) return null;
  return new TavilySearch({ address: config.TAVILY_URL, apiKey: config.TAVILY_API_KEY });
}
