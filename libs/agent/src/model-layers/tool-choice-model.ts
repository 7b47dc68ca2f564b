import { ModelError, type CallOptions, type ChatDelta, type ChatModel, type ChatRequest } from '@libs/llm';
import type { Prompts } from '../prompts.js';
import { HeldTurn } from './held-turn.js';

/** The model did not do what `tool_choice` demands, however often it was asked. */
export class ToolChoiceError extends ModelError {
  constructor(
    readonly demanded: string | null,
    tries: number,
  ) {
    const what = demanded === null ? 'a tool' : `the tool "${demanded}"`;
    super('failed', `The model did not call ${what}, as tool_choice demands, in ${tries} tries.`);
  }
}

/** Further tries after a turn that did not keep to the choice. */
const FURTHER_TRIES = 2;

/** A model that keeps to `tool_choice`, also where its server takes no notice of it. */
export class ToolChoiceModel implements ChatModel {
  constructor(
    private readonly model: ChatModel,
    private readonly prompts: Prompts,
  ) {}

  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatDelta> {
    const { tools = [], toolChoice = 'auto' } = request;
    if (tools.length === 0 || toolChoice === 'auto') return this.model.stream(request, options);
    if (toolChoice === 'none') return this.withoutCalls(request, options);
    const name = toolChoice === 'required' ? null : toolChoice.function.name;
    if (name !== null && !tools.some((tool) => tool.name === name)) return this.model.stream(request, options);
    return this.withCall(request, name, options);
  }

  /** Text is shown as it comes. A turn of nothing but calls is asked for once more; if it is so again, it is what it is. */
  private async *withoutCalls(request: ChatRequest, options?: CallOptions): AsyncGenerator<ChatDelta> {
    const first = new HeldTurn();
    yield* first.pass(this.model.stream(request, options), { holdText: false, accepts: () => false });
    if (first.said || first.calls.length === 0) {
      yield* first.end();
      return;
    }
    const again = first.follow(request, this.prompts.get('no-tools-now'));
    const second = new HeldTurn();
    yield* second.pass(this.model.stream(again, options), { holdText: false, accepts: () => false });
    if (!second.said) yield* second.calls;
    yield* second.end();
  }

  /** Text is held back until the call comes: without one it is no answer. */
  private async *withCall(request: ChatRequest, name: string | null, options?: CallOptions): AsyncGenerator<ChatDelta> {
    let asked = request;
    for (let attempt = 0; attempt <= FURTHER_TRIES; attempt += 1) {
      const turn = new HeldTurn();
      const accepts = (called: string): boolean => name === null || called === name;
      yield* turn.pass(this.model.stream(asked, options), { holdText: true, accepts });
      if (turn.hasCalled || turn.isCut) {
        yield* turn.end();
        return;
      }
      const reminder = name === null ? this.prompts.get('call-a-tool') : this.prompts.fill('call-this-tool', { name });
      asked = turn.follow(request, reminder);
    }
    throw new ToolChoiceError(name, FURTHER_TRIES + 1);
  }
}
