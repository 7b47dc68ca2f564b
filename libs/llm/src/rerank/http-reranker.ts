import type { Connection } from '../openai-compatible/connection.js';
import { callJson } from '../openai-compatible/json-call.js';
import type { CallOptions } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import type { Reranker, RerankRequest } from '../ports/reranker.js';
import { readScores } from './read-scores.js';

export interface HttpRerankerOptions {
  connection: Connection;
  server: string;
  url: string;
  /** Further tries of a call that failed. */
  maxRetries: number;
}

/** `POST /v1/rerank` in the shape that Jina and Cohere gave it; vLLM and llama.cpp follow. */
export class HttpReranker implements Reranker {
  readonly #options: HttpRerankerOptions;

  constructor(options: HttpRerankerOptions) {
    this.#options = options;
  }

  async rerank({ model, query, documents }: RerankRequest, options: CallOptions = {}): Promise<number[]> {
    if (documents.length === 0) return [];
    // Without `top_n`, some servers give the best few only.
    const body = { model, query, documents, top_n: documents.length, return_documents: false };
    const answer = await callJson({ ...this.#options, ...options, body });
    const scores = readScores(answer, documents.length);
    if (scores === undefined) {
      throw new ModelError('failed', `The model server ${this.#options.server} sent no score for each document.`);
    }
    return scores;
  }
}
