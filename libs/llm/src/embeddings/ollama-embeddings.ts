import { isObject, numberOf } from '../json.js';
import type { OllamaOptions } from '../ollama/ollama-options.js';
import type { EmbeddingDialect } from './embedding-dialect.js';
import type { EmbeddingRequest } from '../ports/embedding-model.js';
import { readVector } from './vectors.js';

/**
 * `POST /api/embed` (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings). Its OpenAI face has no
 * `truncate`: there, a text longer than the model takes is an error.
 */
export function ollamaEmbeddings(server: OllamaOptions = {}): EmbeddingDialect {
  return { ...OLLAMA_EMBEDDINGS, body: (request) => bodyOf(request, server) };
}

function bodyOf({ model, texts, ...request }: EmbeddingRequest, server: OllamaOptions): Record<string, unknown> {
  const keepAlive = request.keepAlive ?? server.keepAlive;
  const contextSize = request.contextSize ?? server.contextSize;
  return {
    model,
    input: texts,
    truncate: true,
    ...(keepAlive !== undefined && { keep_alive: keepAlive }),
    ...(contextSize !== undefined && { options: { num_ctx: contextSize } }),
  };
}

const OLLAMA_EMBEDDINGS: Omit<EmbeddingDialect, 'body'> = {
  path: '/api/embed',
  fromRoot: true,
  encodings: [],
  read: (answer) => {
    if (!isObject(answer) || !Array.isArray(answer['embeddings'])) return undefined;
    const vectors = answer['embeddings'].map(readVector);
    if (!vectors.every((vector) => vector !== undefined)) return undefined;
    return { vectors, promptTokens: numberOf(answer['prompt_eval_count']) ?? 0 };
  },
};
