import { ollamaEmbeddings } from '../embeddings/ollama-embeddings.js';
import type { Backend } from './backend.js';
import { OLLAMA_SHOW } from './ollama-show.js';

/** https://github.com/ollama/ollama/blob/main/docs/openai.md; it knows `max_tokens` only. */
export const OLLAMA: Backend = {
  name: 'ollama',
  apiPath: '/v1',
  health: { path: '/api/version', fromRoot: true },
  maxTokensField: 'max_tokens',
  developerRole: false,
  details: OLLAMA_SHOW,
  namedToolChoice: true,
  embeddings: ollamaEmbeddings(),
  owner: 'library',
};
