import type { ChatDelta, ChatRequest } from '@libs/llm';
import { reminder } from '../reminder.js';

interface Passing {
  /** Whether text waits until a call comes. */
  holdText: boolean;
  /** Whether a call of this name is let through. */
  accepts(name: string): boolean;
}

/** One turn of a model of which not everything is let through. */
export class HeldTurn {
  /** The calls that were not let through. */
  readonly calls: ChatDelta[] = [];
  hasCalled = false;
  private text = '';
  private shown = 0;
  private hasRefused = false;
  private finish: Extract<ChatDelta, { type: 'finish' }> | undefined;
  private readonly accepted = new Set<number>();

  /** Whether the model said anything to be read. */
  get said(): boolean {
    return this.text.trim() !== '' || this.hasRefused;
  }

  /** Whether the turn has no end of its own, or is a refusal: asking again is of no use. */
  get isCut(): boolean {
    return this.hasRefused || this.finish?.reason === 'length' || this.finish?.reason === 'content_filter';
  }

  async *pass(deltas: AsyncIterable<ChatDelta>, passing: Passing): AsyncGenerator<ChatDelta> {
    for await (const delta of deltas) {
      switch (delta.type) {
        case 'text':
          this.text += delta.text;
          if (!passing.holdText || this.hasCalled) yield* this.showText();
          break;
        case 'tool-call-start':
        case 'tool-call-arguments':
          yield* this.passCall(delta, passing);
          break;
        case 'finish':
          this.finish = delta;
          break;
        case 'refusal':
          this.hasRefused = true;
          yield delta;
          break;
        case 'reasoning':
        case 'usage':
          yield delta;
          break;
      }
    }
  }

  /** What is left of the turn: text that waited, its finish. */
  *end(): Generator<ChatDelta> {
    yield* this.showText();
    const isDropped = this.calls.length > 0 && !this.hasCalled && this.finish?.reason === 'tool_calls';
    if (this.finish) yield isDropped ? { type: 'finish', reason: 'stop' } : this.finish;
  }

  /** The request that follows such a turn: what the model said, and a reminder. */
  follow(request: ChatRequest, reminded: string): ChatRequest {
    const said = this.text.trim() === '' ? [] : [{ role: 'assistant' as const, content: this.text }];
    return { ...request, messages: [...request.messages, ...said, reminder(reminded)] };
  }

  private *passCall(
    delta: Extract<ChatDelta, { type: 'tool-call-start' | 'tool-call-arguments' }>,
    passing: Passing,
  ): Generator<ChatDelta> {
    if (delta.type === 'tool-call-start' && passing.accepts(delta.name)) this.accepted.add(delta.index);
    if (!this.accepted.has(delta.index)) {
      this.calls.push(delta);
      return;
    }
    this.hasCalled = true;
    yield* this.showText();
    yield delta;
  }

  private *showText(): Generator<ChatDelta> {
    const text = this.text.slice(this.shown);
    this.shown = this.text.length;
    if (text !== '') yield { type: 'text', text };
  }
}
