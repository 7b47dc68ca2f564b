import type { ServedModel } from '@libs/llm';
import { WireError } from '@libs/openai-wire';

/** What is passed on to model servers besides chat completions. */
export interface PassThroughRoute {
  /** Below the server's API, and below ours. */
  path: '/completions' | '/embeddings' | '/rerank';
  /** Whether a request that names no model gets the default one. Only a model of chats is a good guess. */
  hasDefaultModel: boolean;
  /** Whether a server that passes requests on has it. */
  isServedBy(server: ServedModel): boolean;
  /** What is told where it is not served. */
  refusal(model: string): WireError;
}

/** OpenAI's words for a model that has no such interface. */
function isChatModel(): WireError {
  return new WireError(
    404,
    'This is a chat model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?',
    { param: 'model' },
  );
}

function lacks(model: string, what: string): WireError {
  return new WireError(400, `The model server of '${model}' does not ${what}.`, {
    param: 'model',
    code: 'model_not_supported',
  });
}

export const COMPLETIONS: PassThroughRoute = {
  path: '/completions',
  hasDefaultModel: true,
  isServedBy: () => true,
  refusal: isChatModel,
};

export const EMBEDDINGS: PassThroughRoute = {
  path: '/embeddings',
  hasDefaultModel: false,
  isServedBy: ({ embeddings }) => embeddings !== undefined,
  refusal: (model) => lacks(model, 'make embeddings'),
};

export const RERANK: PassThroughRoute = {
  path: '/rerank',
  hasDefaultModel: false,
  isServedBy: ({ reranker }) => reranker !== undefined,
  refusal: (model) => lacks(model, 'rank documents'),
};
