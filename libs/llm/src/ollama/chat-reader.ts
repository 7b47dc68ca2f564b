import { newId } from '@libs/kernel';
import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import { mapErrorFrame } from '../openai-compatible/error-mapping.js';
import { streamCut } from '../openai-compatible/transport-error.js';
import type { ChatDelta } from '../ports/chat-model.js';

/** Turns the lines of one answer of `/api/chat` into deltas. `push` takes lines as they come, `end` is called after the last. */
export class OllamaChatReader {
  readonly #givenIds = new Set<string>();
  #calls = 0;
  #finished = false;
  #usage: ChatDelta | undefined;

  /** Whether the answer has said how it ends. What breaks after that is no loss. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Throws a ModelError for a line that tells of an error. */
  push(line: unknown): ChatDelta[] {
    if (!isObject(line)) return [];
    if (line['error'] !== undefined) throw mapErrorFrame(line);
    if (this.#finished) return [];
    const deltas = isObject(line['message']) ? this.#readMessage(line['message']) : [];
    if (line['done'] !== true) return deltas;
    this.#finished = true;
    this.#usage = readUsage(line);
    return [...deltas, { type: 'finish', reason: this.#reason(line['done_reason']) }];
  }

  /** Throws a ModelError when the stream ended before its answer did. */
  end(): ChatDelta[] {
    if (!this.#finished) throw streamCut();
    return this.#usage === undefined ? [] : [this.#usage];
  }

  #readMessage(message: JsonObject): ChatDelta[] {
    const deltas: ChatDelta[] = [];
    const thinking = textOf(message['thinking']);
    if (thinking !== undefined) deltas.push({ type: 'reasoning', text: thinking });
    const text = textOf(message['content']);
    if (text !== undefined) deltas.push({ type: 'text', text });
    const calls: unknown[] = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
    for (const call of calls) deltas.push(...this.#readCall(call));
    return deltas;
  }

  /** Calls come whole. Their own index begins anew in each line, and older servers give no ids. */
  #readCall(call: unknown): ChatDelta[] {
    const called = isObject(call) && isObject(call['function']) ? call['function'] : {};
    const name = textOf(called['name']);
    if (!isObject(call) || name === undefined) return [];
    const given = textOf(call['id']);
    const id = given === undefined || this.#givenIds.has(given) ? newId('toolCall') : given;
    this.#givenIds.add(id);
    const index = this.#calls;
    this.#calls += 1;
    const fragment = argumentsText(called['arguments']);
    return [
      { type: 'tool-call-start', index, id, name },
      { type: 'tool-call-arguments', index, fragment },
    ];
  }

  /** `load` and `unload` are for requests without messages. */
  #reason(reason: unknown): 'stop' | 'length' | 'tool_calls' {
    if (reason === 'length') return 'length';
    return this.#calls > 0 ? 'tool_calls' : 'stop';
  }
}

function argumentsText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}

/** `prompt_eval_count` is left out where the whole prompt was cached. */
function readUsage(line: JsonObject): ChatDelta | undefined {
  const promptTokens = numberOf(line['prompt_eval_count']);
  const completionTokens = numberOf(line['eval_count']);
  if (promptTokens === undefined && completionTokens === undefined) return undefined;
  return {
    type: 'usage',
    usage: {
      promptTokens: promptTokens ?? 0,
      completionTokens: completionTokens ?? 0,
      cachedTokens: 0,
      reasoningTokens: 0,
    },
  };
}
