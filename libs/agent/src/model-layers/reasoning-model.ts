import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '@libs/llm';
import { ReasoningStream, type Beginning } from '../reasoning/reasoning-stream.js';
import { readText } from './text-layer.js';

/** Models whose thoughts were seen to end without having begun. */
const openThinkers = new Set<string>();
const MOST_KNOWN = 1000;

/** A model whose thoughts, where they stand in its text, are told as thoughts. */
export class ReasoningModel implements ChatModel {
  constructor(
    private readonly model: ChatModel,
    private readonly thinksFirst = false,
  ) {}

  async *stream(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    const reasoning = new ReasoningStream(this.beginningOf(request.model));
    yield* readText(this.model.stream(request, options), {
      push: (text) => reasoning.push(text),
      end: () => reasoning.end(),
    });
    if (!this.thinksFirst) remember(request.model, reasoning.closedUnseen);
  }

  private beginningOf(model: string): Beginning {
    if (this.thinksFirst) return 'thoughts';
    return openThinkers.has(model) ? 'perhaps-thoughts' : 'marker';
  }
}

/** A turn without such thoughts ends it, so that the text of a model that was set up anew is streamed again. */
function remember(model: string, thinksUnseen: boolean): void {
  if (!thinksUnseen) openThinkers.delete(model);
  else if (openThinkers.size < MOST_KNOWN) openThinkers.add(model);
}
