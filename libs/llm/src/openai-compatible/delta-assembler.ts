import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import type { ChatDelta, FinishReason, TokenUsage } from '../ports/chat-model.js';
import { mapErrorFrame } from './error-mapping.js';
import { streamCut } from './transport-error.js';
import { ToolCallAssembler } from './tool-call-assembler.js';

/**
 * Turns the chunks of one answer into deltas. `push` takes chunks as they come, `end` is called once after
 * the last. Only the first choice is read: nothing here asks for more.
 */
export class DeltaAssembler {
  readonly #toolCalls = new ToolCallAssembler();
  #finished = false;
  #usage: TokenUsage | undefined;

  /** Whether the answer has said how it ends. What breaks after that is no loss. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Throws a ModelError for a chunk that is an error in disguise. */
  push(chunk: unknown): ChatDelta[] {
    if (!isObject(chunk)) return [];
    const isError = Boolean(chunk['error']) || chunk['object'] === 'error';
    if (isError) throw mapErrorFrame(chunk);
    this.#usage = readUsage(chunk['usage']) ?? this.#usage;
    const choice: unknown = Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined;
    if (!isObject(choice) || this.#finished) return [];
    const content = choice['delta'] ?? choice['message'];
    const deltas = isObject(content) ? this.#readContent(content) : [];
    const finish = this.#readFinish(choice['finish_reason']);
    return finish === undefined ? deltas : [...deltas, finish];
  }

  /** Throws a ModelError when the stream ended before its answer did. */
  end(): ChatDelta[] {
    if (!this.#finished) throw streamCut();
    return this.#usage === undefined ? [] : [{ type: 'usage', usage: this.#usage }];
  }

  #readContent(content: JsonObject): ChatDelta[] {
    const deltas: ChatDelta[] = [];
    // vLLM had `reasoning_content` before `reasoning` and sent both for a while; llama.cpp has the first, Ollama the second.
    const reasoning = textOf(content['reasoning_content']) ?? textOf(content['reasoning']);
    if (reasoning !== undefined) deltas.push({ type: 'reasoning', text: reasoning });
    const text = textOf(content['content']);
    if (text !== undefined) deltas.push({ type: 'text', text });
    const refusal = textOf(content['refusal']);
    if (refusal !== undefined) deltas.push({ type: 'refusal', text: refusal });
    const calls: unknown[] = Array.isArray(content['tool_calls']) ? content['tool_calls'] : [];
    for (const call of calls) deltas.push(...this.#toolCalls.push(call));
    if (isObject(content['function_call'])) {
      deltas.push(...this.#toolCalls.push({ index: 0, function: content['function_call'] }));
    }
    return deltas;
  }

  #readFinish(reason: unknown): ChatDelta | undefined {
    const text = textOf(reason);
    if (text === undefined) return undefined;
    this.#toolCalls.end();
    this.#finished = true;
    return { type: 'finish', reason: toFinishReason(text, this.#toolCalls.any) };
  }
}

/**
 * The reason in our words. Servers that were told which function to call, and older Ollama, end with
 * `stop` after a tool call; unknown reasons (`eos`, `abort`) count as `stop`.
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
