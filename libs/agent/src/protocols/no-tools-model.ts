import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '@libs/llm';

/** A model that cannot call tools: it hears of none. */
export class NoToolsModel implements ChatModel {
  constructor(private readonly model: ChatModel) {}

  stream({ tools: _, toolChoice: __, ...request }: ChatRequest, options?: CallOptions): AsyncIterable<ChatDelta> {
    return this.model.stream(request, options);
  }
}
