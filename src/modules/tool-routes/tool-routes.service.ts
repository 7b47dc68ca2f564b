import { Injectable } from '@nestjs/common';
import { SandboxService } from '../sandbox/index.js';
import { WEB_SEARCH_LIMITS, WebSearchError, WebSearchService, type WebSearchResult } from '../tools/index.js';
import type { ListedToolDto } from './dto/tool-response.dto.js';
import { failed, type ToolOutcome } from './tool-response.js';

const { defaultResults, mostResults } = WEB_SEARCH_LIMITS;

@Injectable()
export class ToolRoutesService {
  constructor(
    private readonly sandbox: SandboxService,
    private readonly webSearch: WebSearchService,
  ) {}

  async list(): Promise<ListedToolDto[]> {
    const { ok: runsCode } = await this.sandbox.state();
    return [
      {
        name: 'websearch',
        description: 'Search the web for current information',
        enabled: this.webSearch.isConfigured,
      },
      { name: 'python_coder', description: 'Execute Python code in a sandbox', enabled: runsCode },
      { name: 'rag', description: 'Retrieve information from document collections', enabled: true },
    ];
  }

  async searchWeb(query: string, wanted: number = defaultResults, signal: AbortSignal): Promise<ToolOutcome> {
    try {
      const results = await this.webSearch.search({ query, maxResults: Math.min(wanted, mostResults), signal });
      return { answer: '', data: { query, results: results.map(toResult), num_results: results.length } };
    } catch (error) {
      if (!(error instanceof WebSearchError)) throw error;
      return failed(error.message);
    }
  }
}

/** As Tavily names them, which the third seed passes on. */
function toResult({ title, url, content, publishedDate }: WebSearchResult): Record<string, string> {
  return { title, url, content, ...(publishedDate === undefined ? {} : { published_date: publishedDate }) };
}
