import type { EmbeddingRequest, EmbeddingResult } from '../ports/embedding-model.js';

export type EmbeddingEncoding = 'base64' | 'float';

/** How one kind of server makes embeddings. */
export interface EmbeddingDialect {
  readonly path: string;
  /** Below the server's root instead of its API. */
  readonly fromRoot: boolean;
  /** What vectors are asked for as, where the server has a choice; a quarter of the bytes in base64. */
  readonly encodings: readonly EmbeddingEncoding[];
  body(request: EmbeddingRequest, encoding: EmbeddingEncoding | undefined): Record<string, unknown>;
  /** Undefined where the answer is not of the dialect. The vectors are in the texts' order. */
  read(answer: unknown): EmbeddingResult | undefined;
}
