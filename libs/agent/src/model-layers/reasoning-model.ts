import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '@libs/llm';
import { ReasoningStream } from '../reasoning/reasoning-stream.js';
import { readText } from './text-layer.js';

/** A model whose thoughts, where they stand in its text, are told as thoughts. */
export class ReasoningModel implements ChatModel {
  constructor(private readonly model: ChatModel) {}

  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatDelta> {
    const reasoning = new ReasoningStream();
    return readText(this.model.stream(request, options), {
      push: (text) => reasoning.push(text),
      end: () => reasoning.end(),
    });
  }
}
