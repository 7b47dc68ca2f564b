import { OPENAI_EMBEDDINGS } from '../embeddings/openai-embeddings.js';
import { isObject, numberOf } from '../json.js';
import type { Backend } from './backend.js';

/** https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export const VLLM: Backend = {
  name: 'vllm',
  apiPath: '/v1',
  health: { path: '/health', fromRoot: true },
  maxTokensField: 'max_tokens',
  developerRole: false,
  tokenize: {
    path: '/tokenize',
    body: (model, text) => ({ model, prompt: text, add_special_tokens: false }),
    count: (answer) => (isObject(answer) ? numberOf(answer['count']) : undefined),
  },
  namedToolChoice: true,
  embeddings: OPENAI_EMBEDDINGS,
  rerankPath: '/rerank',
  owner: 'vllm',
};
