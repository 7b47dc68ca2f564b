import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import type { ChatDelta, FinishReason, TokenUsage } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { readContent } from './content-parts.js';
import { mapErrorFrame } from './error-mapping.js';
import { streamCut } from './transport-error.js';
import { ToolCallAssembler } from './tool-call-assembler.js';
import { WholeCharacters } from './whole-characters.js';

/**
 * Turns the chunks of one answer into deltas. `push` takes chunks as they come, `end` is called once after
 * the last. Only the first choice is read: nothing here asks for more.
 */
export class DeltaAssembler {
  readonly #toolCalls = new ToolCallAssembler();
  readonly #characters = {
    text: new WholeCharacters(),
    reasoning: new WholeCharacters(),
    refusal: new WholeCharacters(),
  };
  #reason: string | undefined;
  #hasSaid = false;
  #isComplete = false;
  #usage: TokenUsage | undefined;

  /** Whether the answer has said how it ends. What breaks after that is no loss. */
  get finished(): boolean {
    return this.#reason !== undefined;
  }

  /** Throws a ModelError for a chunk that is an error in disguise. */
  push(chunk: unknown): ChatDelta[] {
    if (!isObject(chunk)) return [];
    const isError = Boolean(chunk['error']) || chunk['object'] === 'error';
    if (isError) throw mapErrorFrame(chunk);
    this.#usage = readUsage(chunk['usage']) ?? this.#usage;
    const choice: unknown = Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined;
    if (!isObject(choice)) return [];
    // OpenRouter tells here of the provider behind it that failed.
    if (choice['error']) throw mapErrorFrame(choice);
    const content = choice['delta'] ?? (this.finished ? undefined : choice['message']);
    const deltas = isObject(content) ? this.#readMessage(content).flatMap((delta) => this.#whole(delta)) : [];
    this.#hasSaid ||= deltas.length > 0;
    this.#readFinish(choice['finish_reason']);
    return deltas;
  }

  /** For an answer that is all there is: `[DONE]` has come, or it was sent in one piece. Some servers give no reason then. */
  complete(): void {
    this.#isComplete = true;
  }

  /** Throws a ModelError when the stream ended before its answer did. */
  end(): ChatDelta[] {
    const isWhole = this.finished || (this.#isComplete && this.#hasSaid && this.#toolCalls.areWhole);
    if (!isWhole) throw streamCut();
    this.#toolCalls.end();
    const finish: ChatDelta = { type: 'finish', reason: toFinishReason(this.#reason ?? 'stop', this.#toolCalls.any) };
    return this.#usage === undefined ? [finish] : [finish, { type: 'usage', usage: this.#usage }];
  }

  #readMessage(message: JsonObject): ChatDelta[] {
    const deltas: ChatDelta[] = [];
    // vLLM had `reasoning_content` before `reasoning` and sent both for a while; llama.cpp has the first, Ollama the second.
    const reasoning = textOf(message['reasoning_content']) ?? textOf(message['reasoning']);
    if (reasoning !== undefined) deltas.push({ type: 'reasoning', text: reasoning });
    deltas.push(...readContent(message['content']));
    const refusal = textOf(message['refusal']);
    if (refusal !== undefined) deltas.push({ type: 'refusal', text: refusal });
    for (const call of listOf(message['tool_calls'])) deltas.push(...this.#toolCalls.push(call));
    if (isObject(message['function_call'])) {
      deltas.push(...this.#toolCalls.push({ index: 0, function: message['function_call'] }));
    }
    return deltas;
  }

  #whole(delta: ChatDelta): ChatDelta[] {
    if (!('text' in delta)) return [delta];
    const text = this.#characters[delta.type].push(delta.text);
    return text === '' ? [] : [{ ...delta, text }];
  }

  /** Some servers give a reason with every chunk: the last one counts, and what comes after the first is no less the answer. */
  #readFinish(reason: unknown): void {
    const text = textOf(reason);
    if (text === undefined) return;
    if (BROKEN_OFF.has(text)) throw new ModelError('unavailable', `The model server broke the answer off (${text}).`);
    this.#reason = text;
  }
}

/** Half an answer: OpenRouter's and vLLM's word for what failed amid it, vLLM's and SGLang's for what they gave up. */
const BROKEN_OFF = new Set(['error', 'abort']);

/** text-generation-inference before 3.0 streams one call by itself instead of a list. */
function listOf(calls: unknown): unknown[] {
  if (Array.isArray(calls)) return calls;
  return isObject(calls) ? [calls] : [];
}

/**
 * The reason in our words. Servers that were told which function to call, and older Ollama, end with
 * `stop` after a tool call; unknown reasons (`eos`) count as `stop`.
 */
export function toFinishReason(reason: string, hasToolCalls: boolean): FinishReason {
  switch (reason) {
    case 'length':
    case 'content_filter':
      return reason;
    case 'tool_calls':
    case 'function_call':
      return 'tool_calls';
    default:
      return hasToolCalls ? 'tool_calls' : 'stop';
  }
}

function readUsage(usage: unknown): TokenUsage | undefined {
  if (!isObject(usage)) return undefined;
  const prompt = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {};
  const completion = isObject(usage['completion_tokens_details']) ? usage['completion_tokens_details'] : {};
  return {
    promptTokens: numberOf(usage['prompt_tokens']) ?? 0,
    completionTokens: numberOf(usage['completion_tokens']) ?? 0,
    cachedTokens: numberOf(prompt['cached_tokens']) ?? 0,
    reasoningTokens: numberOf(completion['reasoning_tokens']) ?? 0,
  };
}
