import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { parseObject, type Tool, type ToolCall, type ToolEvent } from '@libs/agent';
import { invalidRequest } from '@libs/openai-wire';
import type { TenantScope } from '../../../../common/principal.js';
import { numberProblem } from '../../../../common/validation/index.js';
import { BuiltInTool, type ToolOptions } from '../built-in-tool.js';
import { cutResult } from '../cut-result.js';
import { checkOptions } from '../tool-options.js';
import { webSearchReport } from './web-search-report.js';
import { NOT_CONFIGURED, WEB_SEARCH_LIMITS, WebSearchService } from './web-search.service.js';
import { WebSearchError, type WebSearchRequest } from './web-search.js';

const DESCRIPTION = readFileSync(new URL('./prompts/web-search.md', import.meta.url), 'utf8').trimEnd();
const LONGEST_REPORT = 40_000;
const { longestQuery, defaultResults, mostResults } = WEB_SEARCH_LIMITS;
const BAD_ARGUMENTS = `The arguments must be a JSON object with the query as the string "query", of 1 to ${longestQuery} characters.`;

/** Searches the web through the administrator's engine. */
@Injectable()
export class WebSearchTool extends BuiltInTool {
  readonly name = 'web_search';

  constructor(private readonly webSearch: WebSearchService) {
    super();
  }

  check(_scope: TenantScope, options: ToolOptions, path: string): void {
    if (!this.webSearch.isConfigured) {
      throw invalidRequest(NOT_CONFIGURED, path.replace(/\.options$/, '.type'), 'unsupported_value');
    }
    checkOptions(options, path, {
      max_num_results: (value) => numberProblem(value, { integer: true, min: 1, max: mostResults }),
    });
  }

  open(_scope: TenantScope, options: ToolOptions): Promise<Tool[]> {
    const maxResults = typeof options['max_num_results'] === 'number' ? options['max_num_results'] : defaultResults;
    return Promise.resolve([
      {
        kind: 'function',
        isCitedByLinks: true,
        definition: {
          name: this.name,
          description: DESCRIPTION,
          parameters: {
            type: 'object',
            properties: { query: { type: 'string', description: 'What to search for.' } },
            required: ['query'],
            additionalProperties: false,
          },
        },
        execute: (call, signal) => this.execute(call, maxResults, signal),
      },
    ]);
  }

  private async *execute(call: ToolCall, maxResults: number, signal: AbortSignal): AsyncGenerator<ToolEvent> {
    const query = parseObject(call.arguments)?.['query'];
    if (typeof query !== 'string' || query === '' || query.length > longestQuery) {
      yield { type: 'result', content: BAD_ARGUMENTS };
    } else if (!this.webSearch.isConfigured) {
      yield { type: 'result', content: NOT_CONFIGURED };
    } else {
      yield* this.search({ query, maxResults, signal });
    }
  }

  private async *search(asked: WebSearchRequest): AsyncGenerator<ToolEvent> {
    try {
      const results = await this.webSearch.search(asked);
      yield { type: 'pages', pages: results.map(({ title, url }) => ({ title, address: url })) };
      yield { type: 'result', content: cutResult(webSearchReport(asked.query, results), LONGEST_REPORT) };
    } catch (error) {
      if (!(error instanceof WebSearchError)) throw error;
      yield { type: 'result', content: `The search failed: ${error.message}` };
    }
  }
}
