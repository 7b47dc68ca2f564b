import type { CallOptions } from './chat-model.js';

export interface EmbeddingRequest {
  model: string;
  /** At least one; the answer has a vector for each, in the same order. */
  texts: readonly string[];
  /** How the model is to be loaded, as in a ChatRequest. */
  contextSize?: number;
  keepAlive?: string | number;
}

export interface EmbeddingResult {
  vectors: Float32Array[];
  /** 0 where the server does not count. */
  promptTokens: number;
}

/** A model that turns texts into vectors. Errors are `ModelError`s. */
export interface EmbeddingModel {
  embed(request: EmbeddingRequest, options?: CallOptions): Promise<EmbeddingResult>;
}
