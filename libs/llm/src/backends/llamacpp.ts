import type { Backend } from './backend.js';

/** https://github.com/ggml-org/llama.cpp/tree/master/tools/server; /health is 503 while a model loads. */
export const LLAMACPP: Backend = {
  name: 'llamacpp',
  apiPath: '/v1',
  health: { path: '/health', fromRoot: true },
  maxTokensField: 'max_tokens',
  developerRole: false,
  owner: 'llamacpp',
};
