import { OPENAI_EMBEDDINGS } from '../embeddings/openai-embeddings.js';
import { isObject } from '../json.js';
import type { Backend } from './backend.js';
import { LLAMACPP_PROPS } from './llamacpp-props.js';

/** https://github.com/ggml-org/llama.cpp/tree/master/tools/server; /health is 503 while a model loads. */
export const LLAMACPP: Backend = {
  name: 'llamacpp',
  apiPath: '/v1',
  health: { path: '/health', fromRoot: true },
  maxTokensField: 'max_tokens',
  developerRole: false,
  // Its parser takes words only, and falls back to `auto`; `required` is enforced by a grammar.
  namedToolChoice: false,
  hasSlots: true,
  tokenize: {
    path: '/tokenize',
    body: (_model, text) => ({ content: text }),
    count: (answer) => (isObject(answer) && Array.isArray(answer['tokens']) ? answer['tokens'].length : undefined),
  },
  details: LLAMACPP_PROPS,
  embeddings: OPENAI_EMBEDDINGS,
  rerankPath: '/rerank',
  owner: 'llamacpp',
};
