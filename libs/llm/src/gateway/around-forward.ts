import type { Forward, ServedModel } from '../ports/model-server.js';

/** Puts something around what passes the model's requests on. Called once for a model, not for each request. */
export type AroundForward = (forward: Forward, model: string) => Forward;

/** What serves the model, with that around its `forward`. */
export function withForwardInside(around: AroundForward, served: ServedModel, model: string): ServedModel {
  const { loadsPerRequest, chat, embeddings, reranker, forward } = served;
  if (!forward) return served;
  return {
    chat,
    forward: around(forward, model),
    ...(loadsPerRequest !== undefined && { loadsPerRequest }),
    ...(embeddings && { embeddings }),
    ...(reranker && { reranker }),
    ...(served.countTokens && {
      countTokens: async (asked, text) => (await served.countTokens?.(asked, text)) ?? null,
    }),
  };
}
