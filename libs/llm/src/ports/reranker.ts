import type { CallOptions } from './chat-model.js';

export interface RerankRequest {
  model: string;
  query: string;
  documents: readonly string[];
}

/** A cross-encoder that scores documents by a query. Errors are `ModelError`s. */
export interface Reranker {
  /** A score for each document, in the documents' order; higher is better, and the scale is the model's own. */
  rerank(request: RerankRequest, options?: CallOptions): Promise<number[]>;
}
