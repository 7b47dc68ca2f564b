import type { Connection } from '../openai-compatible/connection.js';
import { callJson } from '../openai-compatible/json-call.js';
import type { CallOptions } from '../ports/chat-model.js';
import type { EmbeddingModel, EmbeddingRequest, EmbeddingResult } from '../ports/embedding-model.js';
import { ModelError } from '../ports/model-error.js';
import type { EmbeddingDialect, EmbeddingEncoding } from './embedding-dialect.js';

export interface HttpEmbeddingOptions {
  connection: Connection;
  server: string;
  url: string;
  dialect: EmbeddingDialect;
  /** Further tries of a call that failed. */
  maxRetries: number;
}

/** Embeddings over HTTP. */
export class HttpEmbeddingModel implements EmbeddingModel {
  readonly #options: HttpEmbeddingOptions;
  /** The encodings that the server has not refused yet. */
  #encodings: readonly EmbeddingEncoding[];

  constructor(options: HttpEmbeddingOptions) {
    this.#options = options;
    this.#encodings = options.dialect.encodings;
  }

  async embed(request: EmbeddingRequest, options: CallOptions = {}): Promise<EmbeddingResult> {
    const encoding = this.#encodings[0];
    try {
      return await this.#ask(request, encoding, options);
    } catch (error) {
      if (!refuses(error, encoding) || this.#encodings.length < 2) throw error;
      const others = this.#encodings.filter((each) => each !== encoding);
      const result = await this.#ask(request, others[0], options);
      // Not before: a refusal may quote the user's words.
      this.#encodings = others;
      return result;
    }
  }

  async #ask(
    request: EmbeddingRequest,
    encoding: EmbeddingEncoding | undefined,
    options: CallOptions,
  ): Promise<EmbeddingResult> {
    const { dialect, ...call } = this.#options;
    const answer = await callJson({ ...call, ...options, body: dialect.body(request, encoding) });
    const result = dialect.read(answer);
    if (result === undefined || !isComplete(result.vectors, request.texts.length)) {
      throw new ModelError('failed', `The model server ${call.server} sent no vector for each text.`);
    }
    return result;
  }
}

function refuses(error: unknown, encoding: EmbeddingEncoding | undefined): boolean {
  if (!(error instanceof ModelError) || error.kind !== 'rejected' || encoding === undefined) return false;
  return error.details.param === 'encoding_format' || /encoding_format|base64/.test(error.message);
}

/** One vector for each text, all of the same length. */
function isComplete(vectors: readonly Float32Array[], count: number): boolean {
  const length = vectors[0]?.length;
  if (vectors.length !== count) return false;
  // A hole in the array is no vector.
  return Array.from(vectors).every((vector: Float32Array | undefined) => vector?.length === length);
}
