import { isObject, numberOf } from '../json.js';
import type { EmbeddingDialect } from './embedding-dialect.js';
import { readVector } from './vectors.js';

/**
 * `POST /api/embed` (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings). Its OpenAI face has no
 * `truncate`: there, a text longer than the model takes is an error.
 */
export const OLLAMA_EMBEDDINGS: EmbeddingDialect = {
  path: '/api/embed',
  fromRoot: true,
  encodings: [],
  body: ({ model, texts }) => ({ model, input: texts, truncate: true }),
  read: (answer) => {
    if (!isObject(answer) || !Array.isArray(answer['embeddings'])) return undefined;
    const vectors = answer['embeddings'].map(readVector);
    if (!vectors.every((vector) => vector !== undefined)) return undefined;
    return { vectors, promptTokens: numberOf(answer['prompt_eval_count']) ?? 0 };
  },
};
