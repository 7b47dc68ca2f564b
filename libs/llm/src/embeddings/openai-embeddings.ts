import { isObject, numberOf } from '../json.js';
import type { EmbeddingResult } from '../ports/embedding-model.js';
import type { EmbeddingDialect } from './embedding-dialect.js';
import { readVector } from './vectors.js';

/** `POST /v1/embeddings`, as OpenAI, vLLM, llama.cpp and many others have it. */
export const OPENAI_EMBEDDINGS: EmbeddingDialect = {
  path: '/embeddings',
  fromRoot: false,
  encodings: ['base64', 'float'],
  body: ({ model, texts }, encoding) => ({ model, input: texts, encoding_format: encoding }),
  read,
};

/** Servers need not list the vectors in order: each bears its index. */
function read(answer: unknown): EmbeddingResult | undefined {
  if (!isObject(answer) || !Array.isArray(answer['data'])) return undefined;
  const vectors: Float32Array[] = [];
  for (const [position, entry] of answer['data'].entries()) {
    const vector = isObject(entry) ? readVector(entry['embedding']) : undefined;
    if (!isObject(entry) || vector === undefined) return undefined;
    vectors[numberOf(entry['index']) ?? position] = vector;
  }
  const usage = isObject(answer['usage']) ? answer['usage'] : {};
  return { vectors, promptTokens: numberOf(usage['prompt_tokens']) ?? 0 };
}
