import {
  ModelError,
  TOOLS_NOT_SUPPORTED,
  type CallOptions,
  type ChatDelta,
  type ChatModel,
  type ChatRequest,
} from '@libs/llm';

/**
 * A model that is asked in another way once its server has refused tools as such. It is found out anew in each
 * conversation: the refusal costs no more than a round trip, and a server may be set up anew.
 */
export class RefusedToolsModel implements ChatModel {
  private refuses = false;

  /** @param instead the same model, told of its tools in the prompt */
  constructor(
    private readonly model: ChatModel,
    private readonly instead: ChatModel,
  ) {}

  async *stream(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    if (!this.refuses) {
      try {
        yield* this.model.stream(request, options);
        return;
      } catch (error) {
        if (!(error instanceof ModelError) || error.details.code !== TOOLS_NOT_SUPPORTED) throw error;
        this.refuses = true;
      }
    }
    yield* this.instead.stream(request, options);
  }
}
