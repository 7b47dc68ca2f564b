import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../loopback-server.js';

export interface EngineHit {
  title: string;
  url: string;
  content: string;
  publishedDate?: string;
}

export interface EngineRequestRecord {
  method: string;
  path: string;
  authorization: string | undefined;
  query: string;
  body: string;
}

/** Tavily's `/search` and SearXNG's `/search?format=json`, as their documentations describe them, on one address. */
export class ImitationSearchEngine extends LoopbackServer {
  hits: EngineHit[] = [];
  /** Answers with this instead. */
  failure: { status: number; body: string } | null = null;
  readonly requests: EngineRequestRecord[] = [];

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url ?? '/', this.url);
    const isTavily = request.method === 'POST';
    const query = isTavily ? String((JSON.parse(body) as { query: unknown }).query) : (url.searchParams.get('q') ?? '');
    this.requests.push({
      method: request.method ?? '',
      path: url.pathname,
      authorization: request.headers.authorization,
      query,
      body,
    });
    if (this.failure) {
      response.writeHead(this.failure.status).end(this.failure.body);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isTavily ? this.#tavily(query) : this.#searxng(query, url)));
  }

  #tavily(query: string): object {
    const results = this.hits.map(({ publishedDate, ...hit }) => ({
      ...hit,
      score: 0.9,
      raw_content: null,
      ...(publishedDate === undefined ? {} : { published_date: publishedDate }),
    }));
    return { query, follow_up_questions: null, answer: null, images: [], results, response_time: 0.5 };
  }

  #searxng(query: string, url: URL): object {
    if (url.searchParams.get('format') !== 'json') return { error: 'html' };
    const results = this.hits.map((hit) => ({ ...hit, engine: 'imitation', score: 1, category: 'general' }));
    return {
      query,
      number_of_results: results.length,
      results,
      answers: [],
      suggestions: [],
      unresponsive_engines: [],
    };
  }
}
