import { newId } from '@libs/kernel';
import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import { ModelError } from '../ports/model-error.js';
import type { ChatDelta } from '../ports/chat-model.js';

interface OpenCall {
  index: number;
  id: string | undefined;
  started: boolean;
  /** Arguments that came before the name. */
  held: string;
}

/**
 * Makes ordered deltas of the tool call fragments of one answer. Servers differ: vLLM sends id and name
 * first and then arguments; Ollama the whole call in one fragment; some send no id, repeat it in every
 * fragment (sglang), leave the index out, or give parallel calls one index and ids of their own (old vLLM
 * parsers, https://github.com/InternLM/lmdeploy/issues/3412).
 */
export class ToolCallAssembler {
  readonly #byServerIndex = new Map<number, OpenCall>();
  readonly #givenIds = new Set<string>();
  #count = 0;
  #last: OpenCall | undefined;

  /** Whether any call has begun. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** The deltas of one fragment. */
  push(fragment: unknown): ChatDelta[] {
    if (!isObject(fragment)) return [];
    const called = isObject(fragment['function']) ? fragment['function'] : {};
    const name = textOf(called['name']);
    const call = this.#find(fragment, name);
    const text = argumentsText(called['arguments']);
    call.held += text;
    if (!call.started && name === undefined) return [];
    const deltas: ChatDelta[] = [];
    if (!call.started && name !== undefined) {
      call.started = true;
      deltas.push({ type: 'tool-call-start', index: call.index, id: this.#uniqueId(call.id), name });
    }
    if (call.held !== '') deltas.push({ type: 'tool-call-arguments', index: call.index, fragment: call.held });
    call.held = '';
    return deltas;
  }

  /** Throws a ModelError when a call never got its name. */
  end(): void {
    for (const call of this.#byServerIndex.values()) {
      if (!call.started) throw new ModelError('failed', 'The model server sent a tool call without a name.');
    }
  }

  /** Results find their call by its id, so one that a server gives twice would leave a call without any. */
  #uniqueId(id: string | undefined): string {
    const unique = id === undefined || this.#givenIds.has(id) ? newId('toolCall') : id;
    this.#givenIds.add(unique);
    return unique;
  }

  #find(fragment: JsonObject, name: string | undefined): OpenCall {
    const id = textOf(fragment['id']);
    const serverIndex = numberOf(fragment['index']);
    const open = serverIndex === undefined ? this.#findWithoutIndex(id, name) : this.#byServerIndex.get(serverIndex);
    const isAnother = open?.started === true && id !== undefined && id !== open.id && name !== undefined;
    if (open !== undefined && !isAnother) {
      open.id ??= id;
      return open;
    }
    const call: OpenCall = { index: this.#count, id, started: false, held: '' };
    this.#count += 1;
    this.#last = call;
    this.#byServerIndex.set(serverIndex ?? call.index, call);
    return call;
  }

  #findWithoutIndex(id: string | undefined, name: string | undefined): OpenCall | undefined {
    const isNew = name !== undefined && (id === undefined || id !== this.#last?.id) && this.#last?.started === true;
    return isNew ? undefined : this.#last;
  }
}

/** Arguments are a string of JSON; a few servers send the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? JSON.stringify(value) : '';
}
