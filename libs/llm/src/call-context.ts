import type { CallContext, ChatModel } from './ports/chat-model.js';

/** The model, with every call made in the context, to which a call may add. */
export function withContext(model: ChatModel, context: CallContext): ChatModel {
  return {
    stream: (request, options) => model.stream(request, { ...options, context: { ...context, ...options?.context } }),
  };
}
