import { readFileSync } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { parseObject, type Tool, type ToolCall, type ToolEvent } from '@libs/agent';
import { invalidRequest } from '@libs/openai-wire';
import { CONFIG } from '../../../../common/config.token.js';
import type { TenantScope } from '../../../../common/principal.js';
import { numberProblem } from '../../../../common/validation/index.js';
import { BuiltInTool, type ToolOptions } from '../built-in-tool.js';
import { cutResult } from '../cut-result.js';
import { checkOptions } from '../tool-options.js';
import { SearxngSearch } from './searxng.js';
import { TavilySearch } from './tavily.js';
import { webSearchReport } from './web-search-report.js';
import { WebSearchError, type WebSearch, type WebSearchRequest } from './web-search.js';

const DESCRIPTION = readFileSync(new URL('./prompts/web-search.md', import.meta.url), 'utf8').trimEnd();
const LONGEST_QUERY = 400;
const LONGEST_REPORT = 40_000;
const DEFAULT_RESULTS = 5;
const MOST_RESULTS = 20;
const BAD_ARGUMENTS = `The arguments must be a JSON object with the query as the string "query", of 1 to ${LONGEST_QUERY} characters.`;
const NOT_CONFIGURED = 'This server has no web search: TAVILY_API_KEY or SEARXNG_URL must be set.';

/** Searches the web through the administrator's engine. Only the query leaves the house, and only to that engine. */
@Injectable()
export class WebSearchTool extends BuiltInTool {
  readonly name = 'web_search';
  private readonly engine: WebSearch | null;

  constructor(@Inject(CONFIG) config: Pick<Config, 'TAVILY_API_KEY' | 'TAVILY_URL' | 'SEARXNG_URL'>) {
    super();
    this.engine = engineOf(config);
  }

  check(_scope: TenantScope, options: ToolOptions, path: string): void {
    if (!this.engine) throw invalidRequest(NOT_CONFIGURED, path.replace(/\.options$/, '.type'), 'unsupported_value');
    checkOptions(options, path, {
      max_num_results: (value) => numberProblem(value, { integer: true, min: 1, max: MOST_RESULTS }),
    });
  }

  open(_scope: TenantScope, options: ToolOptions): Promise<Tool[]> {
    const maxResults = typeof options['max_num_results'] === 'number' ? options['max_num_results'] : DEFAULT_RESULTS;
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
    if (typeof query !== 'string' || query === '' || query.length > LONGEST_QUERY) {
      yield { type: 'result', content: BAD_ARGUMENTS };
    } else if (!this.engine) {
      yield { type: 'result', content: NOT_CONFIGURED };
    } else {
      yield* search(this.engine, { query, maxResults, signal });
    }
  }
}

async function* search(engine: WebSearch, asked: WebSearchRequest): AsyncGenerator<ToolEvent> {
  try {
    const results = await engine.search(asked);
    yield { type: 'pages', pages: results.map(({ title, url }) => ({ title, address: url })) };
    yield { type: 'result', content: cutResult(webSearchReport(asked.query, results), LONGEST_REPORT) };
  } catch (error) {
    if (!(error instanceof WebSearchError)) throw error;
    yield { type: 'result', content: `The search failed: ${error.message}` };
  }
}

/** SearXNG, the self-hosted one, wins where both are there. */
function engineOf(config: Pick<Config, 'TAVILY_API_KEY' | 'TAVILY_URL' | 'SEARXNG_URL'>): WebSearch | null {
  if (config.SEARXNG_URL !== undefined) return new SearxngSearch(config.SEARXNG_URL);
  if (config.TAVILY_API_KEY === undefined) return null;
  return new TavilySearch({ address: config.TAVILY_URL, apiKey: config.TAVILY_API_KEY });
}
