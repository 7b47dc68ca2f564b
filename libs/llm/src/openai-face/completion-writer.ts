import type { ChatDelta, FinishReason, TokenUsage } from '../ports/chat-model.js';

/** What every chunk and the whole answer have in common. */
export interface CompletionHead {
  id: string;
  /** Seconds since 1970. */
  created: number;
  model: string;
}

interface WireCall {
  index: number;
  id?: string;
  type?: 'function';
  function: { name?: string; arguments: string };
}

/** What a delta adds to the message, in OpenAI's wire; undefined for one that adds nothing. */
function toWireDelta(delta: ChatDelta): Record<string, unknown> | undefined {
  switch (delta.type) {
    case 'text':
      return { content: delta.text };
    case 'reasoning':
      return { reasoning_content: delta.text };
    case 'refusal':
      return { refusal: delta.text };
    case 'tool-call-start': {
      const { index, id, name } = delta;
      return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } } satisfies WireCall] };
    }
    case 'tool-call-arguments':
      return { tool_calls: [{ index: delta.index, function: { arguments: delta.fragment } } satisfies WireCall] };
    case 'finish':
    case 'usage':
      return undefined;
  }
}

function toWireUsage({ promptTokens, completionTokens, cachedTokens, reasoningTokens }: TokenUsage): unknown {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}

/** Deltas as the server-sent events of a streamed chat completion. */
export class ChunkWriter {
  readonly #head: Record<string, unknown>;
  readonly #usagePlace: Record<string, unknown>;

  constructor(
    head: CompletionHead,
    private readonly includeUsage: boolean,
  ) {
    const { id, created, model } = head;
    this.#head = { id, object: 'chat.completion.chunk', created, model };
    this.#usagePlace = includeUsage ? { usage: null } : {};
  }

  /** The event before all others. */
  begin(): string {
    return this.#chunk({ role: 'assistant', content: '', refusal: null });
  }

  /** The events of a delta, possibly none. */
  write(delta: ChatDelta): string {
    if (delta.type === 'finish') return this.#chunk({}, delta.reason);
    if (delta.type !== 'usage') return this.#chunk(toWireDelta(delta) ?? {});
    if (!this.includeUsage) return '';
    return eventOf({ ...this.#head, choices: [], usage: toWireUsage(delta.usage) });
  }

  end(): string {
    return 'data: [DONE]\n\n';
  }

  #chunk(delta: Record<string, unknown>, finishReason: FinishReason | null = null): string {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
    return eventOf({ ...this.#head, choices, ...this.#usagePlace });
  }
}

export function eventOf(content: unknown): string {
  return `data: ${JSON.stringify(content)}\n\n`;
}

/** Gathers deltas to a chat completion in one piece. */
export class CompletionBuilder {
  readonly #texts = { text: '', reasoning: '', refusal: '' };
  readonly #calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[] = [];
  #reason: FinishReason = 'stop';
  #usage: TokenUsage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, reasoningTokens: 0 };

  constructor(private readonly head: CompletionHead) {}

  add(delta: ChatDelta): void {
    switch (delta.type) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        this.#texts[delta.type] += delta.text;
        break;
      case 'tool-call-start':
        this.#calls[delta.index] = { id: delta.id, type: 'function', function: { name: delta.name, arguments: '' } };
        break;
      case 'tool-call-arguments': {
        const call = this.#calls[delta.index];
        if (call) call.function.arguments += delta.fragment;
        break;
      }
      case 'finish':
        this.#reason = delta.reason;
        break;
      case 'usage':
        this.#usage = delta.usage;
        break;
    }
  }

  build(): Record<string, unknown> {
    const { id, created, model } = this.head;
    const choice = { index: 0, message: this.#message(), logprobs: null, finish_reason: this.#reason };
    return { id, object: 'chat.completion', created, model, choices: [choice], usage: toWireUsage(this.#usage) };
  }

  #message(): Record<string, unknown> {
    const { text, reasoning, refusal } = this.#texts;
    const calls = this.#calls.filter((call) => call !== undefined);
    return {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal: refusal === '' ? null : refusal,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls }),
    };
  }
}
