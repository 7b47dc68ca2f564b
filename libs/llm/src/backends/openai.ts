import { OPENAI_EMBEDDINGS } from '../embeddings/openai-embeddings.js';
import type { Backend } from './backend.js';

/**
 * OpenAI itself and any other server of its dialect. There is no health path in the dialect, so the list
 * of models serves. Servers that know only one name of the token limit are found out at the first call
 * (request-adaptation.ts).
 */
export const OPENAI: Backend = {
  name: 'openai',
  apiPath: '',
  health: { path: '/models', fromRoot: false },
  maxTokensField: 'max_tokens',
  developerRole: true,
  namedToolChoice: true,
  embeddings: OPENAI_EMBEDDINGS,
  rerankPath: '/rerank',
  owner: 'openai',
};
