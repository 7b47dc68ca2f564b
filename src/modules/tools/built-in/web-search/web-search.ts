/** One hit of a web search. Titles and texts are strangers' words. */
export interface WebSearchResult {
  title: string;
  url: string;
  /** What the page says about the query, as far as the search engine shows it. */
  content: string;
  /** ISO 8601, where the engine says. */
  publishedDate?: string;
}

export interface WebSearchRequest {
  query: string;
  maxResults: number;
  signal: AbortSignal;
}

/** A search engine. Throws WebSearchError. */
export interface WebSearch {
  readonly name: string;
  search(request: WebSearchRequest): Promise<WebSearchResult[]>;
}

/** The engine did not answer, or not usably. The message is fit for the model. */
export class WebSearchError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WebSearchError';
  }
}
