import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '@libs/llm';
import type { SourceList } from './citations/source-list.js';
import { ToolChoiceError } from './model-layers/tool-choice-model.js';

/** What keeps a model to what was found. */
export interface Grounding {
  /** Grows with what searches find. */
  sources: SourceList;
  /** What is said where that is nothing. */
  refusal: string;
}

/**
 * A model that may only speak of what was found: as long as that is nothing, it may call tools, but its words are held
 * back and the refusal is said instead. Where JSON was asked for, as a refusal apart from the answer: a text would be
 * JSON that cannot be read.
 */
export class GroundedModel implements ChatModel {
  constructor(
    private readonly model: ChatModel,
    private readonly grounding: Grounding,
  ) {}

  async *stream(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    if (!this.grounding.sources.isEmpty) {
      yield* this.model.stream(request, options);
      return;
    }
    try {
      yield* this.searching(request, options);
    } catch (error) {
      // Who does not even search has found nothing.
      if (!(error instanceof ToolChoiceError) || error.demanded === null) throw error;
      yield* this.refuse(request);
    }
  }

  private async *searching(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    let callsTools = false;
    for await (const delta of this.model.stream(request, options)) {
      callsTools ||= delta.type === 'tool-call-start';
      if (delta.type === 'finish' && !callsTools) {
        yield* this.refuse(request);
      } else if (delta.type !== 'text' && delta.type !== 'refusal' && delta.type !== 'reasoning') {
        yield delta;
      }
    }
  }

  private *refuse({ responseFormat }: ChatRequest): Generator<ChatDelta> {
    const isJson = responseFormat !== undefined && responseFormat.type !== 'text';
    yield { type: isJson ? 'refusal' : 'text', text: this.grounding.refusal };
    yield { type: 'finish', reason: 'stop' };
  }
}
