import { isObject, numberOf } from '../json.js';
import type { OllamaOptions } from '../ollama/ollama-options.js';
import type { EmbeddingDialect } from './embedding-dialect.js';
import type { EmbeddingRequest } from '../ports/embedding-model.js';
import { readVector } from './vectors.js';

/**
 * `POST /api/embed` (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings). Its OpenAI face has no
 * `truncate`: there, a text longer than the model takes is an error.
 */
export function ollamaEmbeddings({ keepAlive }: OllamaOptions = {}): EmbeddingDialect {
  return {
    ...OLLAMA_EMBEDDINGS,
    body: (request) => ({ ...bodyOf(request), ...(keepAlive !== undefined && { keep_alive: keepAlive }) }),
  };
}

const bodyOf = ({ model, texts }: EmbeddingRequest): Record<string, unknown> => ({
  model,
  input: texts,
  truncate: true,
});

const OLLAMA_EMBEDDINGS: EmbeddingDialect = {
  path: '/api/embed',
  fromRoot: true,
  encodings: [],
  body: bodyOf,
  read: (answer) => {
    if (!isObject(answer) || !Array.isArray(answer['embeddings'])) return undefined;
    const vectors = answer['embeddings'].map(readVector);
    if (!vectors.every((vector) => vector !== undefined)) return undefined;
    return { vectors, promptTokens: numberOf(answer['prompt_eval_count']) ?? 0 };
  },
};
