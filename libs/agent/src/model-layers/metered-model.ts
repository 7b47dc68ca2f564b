import { assertNever } from '@libs/kernel';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest, TokenUsage } from '@libs/llm';
import { textOfMessage, type CountTokens } from '../context-window.js';
import type { TokenLedger } from '../loop/token-ledger.js';
import { addUsage, NO_USAGE } from '../usage.js';

/**
 * The innermost layer: each call is counted and keeps to what is left of the budget, so that the tries of the layers
 * around it do, too. A call for which nothing is left is cut before it begins.
 */
export class MeteredModel implements ChatModel {
  private estimate: TokenUsage | null = null;

  /** @param count for calls that the server does not count; absent: they count as nothing */
  constructor(
    private readonly model: ChatModel,
    private readonly ledger: TokenLedger,
    private readonly count?: CountTokens,
  ) {}

  async *stream(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    const maxTokens = this.ledger.limitOf(request.maxTokens);
    if (maxTokens !== undefined && maxTokens <= 0) {
      yield { type: 'finish', reason: 'length' };
      return;
    }
    const bounded = maxTokens === undefined ? request : { ...request, maxTokens };
    let isCounted = false;
    let written = '';
    for await (const delta of this.model.stream(bounded, options)) {
      if (delta.type === 'usage') {
        this.ledger.add(delta.usage);
        isCounted = true;
        continue;
      }
      written += textOf(delta);
      yield delta;
    }
    if (!isCounted && options?.signal?.aborted !== true) await this.guess(request, written);
  }

  /** What stands for counts that the server did not give since this was last taken. The ledger has it. */
  takeEstimate(): TokenUsage | null {
    const { estimate } = this;
    this.estimate = null;
    return estimate;
  }

  private async guess({ messages }: ChatRequest, written: string): Promise<void> {
    if (!this.count) return;
    const usage = {
      ...NO_USAGE,
      promptTokens: await this.count(messages.map(textOfMessage).join('\n')),
      completionTokens: await this.count(written),
    };
    this.ledger.add(usage);
    this.estimate = addUsage(this.estimate ?? NO_USAGE, usage);
  }
}

function textOf(delta: Exclude<ChatDelta, { type: 'usage' }>): string {
  switch (delta.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return delta.text;
    case 'tool-call-start':
      return delta.name;
    case 'tool-call-arguments':
      return delta.fragment;
    case 'finish':
      return '';
    default:
      return assertNever(delta);
  }
}
