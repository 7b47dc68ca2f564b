import { ModelError, type CallOptions, type ChatDelta, type ChatModel, type ChatRequest } from '@libs/llm';
import type { AnswerCheck } from './answer-check.js';
import type { Prompts } from './prompts.js';
import { reminder } from './reminder.js';

/**
 * A model whose answers are checked before they are shown. A wrong one is sent back once with what is wrong; if the second
 * is wrong, too, it is shown and the call fails. Turns that call tools are no answers and pass unchecked.
 */
export class CheckedModel implements ChatModel {
  constructor(
    private readonly model: ChatModel,
    private readonly check: AnswerCheck,
    private readonly prompts: Prompts,
  ) {}

  async *stream(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    const first = new HeldAnswer();
    yield* first.hold(this.model.stream(request, options));
    const problem = first.problem(this.check);
    if (problem === null) {
      yield* first.release();
      return;
    }
    const second = new HeldAnswer();
    const repair = this.prompts.fill('repair-answer', { problem });
    yield* second.hold(this.model.stream(withRepair(request, first.text, repair), options));
    yield* second.release();
    const remaining = second.problem(this.check);
    if (remaining !== null) {
      throw new ModelError('failed', `The model's answer is not of the form that was asked for. ${remaining}`);
    }
  }
}

function withRepair(request: ChatRequest, answer: string, repair: string): ChatRequest {
  return {
    ...request,
    messages: [...request.messages, { role: 'assistant', content: answer }, reminder(repair)],
  };
}

/** One turn, its text held back until it is known to be right. */
class HeldAnswer {
  text = '';
  private callsTools = false;
  private finish: Extract<ChatDelta, { type: 'finish' }> | undefined;

  async *hold(deltas: AsyncIterable<ChatDelta>): AsyncGenerator<ChatDelta> {
    for await (const delta of deltas) {
      if (delta.type === 'text') this.text += delta.text;
      else if (delta.type === 'finish') this.finish = delta;
      else {
        this.callsTools ||= delta.type === 'tool-call-start';
        yield delta;
      }
    }
  }

  /** An answer that was cut has a reason of its own to be wrong. */
  problem(check: AnswerCheck): string | null {
    const isWhole = this.finish?.reason === 'stop';
    return this.callsTools || this.text === '' || !isWhole ? null : check(this.text.trim());
  }

  *release(): Generator<ChatDelta> {
    if (this.text !== '') yield { type: 'text', text: this.text };
    if (this.finish) yield this.finish;
  }
}
