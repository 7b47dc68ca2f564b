import { newId } from '@libs/kernel';
import { isObject, numberOf, parseJson, textOf, type JsonObject } from '../json.js';
import { ModelError } from '../ports/model-error.js';
import type { ChatDelta } from '../ports/chat-model.js';

interface OpenCall {
  index: number;
  id: string | undefined;
  /** Undefined: it has not come yet. */
  name: string | undefined;
  /** Told as they come, those before the name with it. */
  arguments: string;
}

interface Fragment {
  id: string | undefined;
  serverIndex: number | undefined;
  name: string | undefined;
  arguments: string;
}

/**
 * Makes ordered deltas of the tool call fragments of one answer. Servers differ: vLLM sends id and name
 * first and then arguments; Ollama the whole call in one fragment; some send no id, repeat it in every
 * fragment (sglang), leave the index out, or give parallel calls one index, with ids of their own (old vLLM
 * parsers, https://github.com/InternLM/lmdeploy/issues/3412) or without (Gemini and proxies before it).
 */
export class ToolCallAssembler {
  readonly #calls: OpenCall[] = [];
  readonly #byServerIndex = new Map<number, OpenCall>();
  readonly #givenIds = new Set<string>();

  /** Whether any call has begun. */
  get any(): boolean {
    return this.#calls.some(({ name }) => name !== undefined);
  }

  /** Whether nothing is missing of any call, as far as its arguments tell. */
  get areWhole(): boolean {
    return this.#calls.every((call) => call.arguments === '' || isWhole(call));
  }

  /** The deltas of one fragment. */
  push(value: unknown): ChatDelta[] {
    if (!isObject(value)) return [];
    const fragment = readFragment(value);
    const call = this.#find(fragment);
    call.arguments += fragment.arguments;
    const deltas: ChatDelta[] = [];
    if (call.name === undefined && fragment.name !== undefined) {
      call.name = fragment.name;
      deltas.push({ type: 'tool-call-start', index: call.index, id: this.#uniqueId(call.id), name: call.name });
    }
    const told = deltas.length > 0 ? call.arguments : fragment.arguments;
    if (call.name === undefined || told === '') return deltas;
    return [...deltas, { type: 'tool-call-arguments', index: call.index, fragment: told }];
  }

  /** Throws a ModelError when a call never got its name. One that never got anything is none. */
  end(): void {
    for (const call of this.#calls) {
      const isNameless = call.name === undefined && call.arguments !== '';
      if (isNameless) throw new ModelError('failed', 'The model server sent a tool call without a name.');
    }
  }

  /** Results find their call by its id, so one that a server gives twice would leave a call without any. */
  #uniqueId(id: string | undefined): string {
    const unique = id === undefined || this.#givenIds.has(id) ? newId('toolCall') : id;
    this.#givenIds.add(unique);
    return unique;
  }

  #find(fragment: Fragment): OpenCall {
    const { id, serverIndex } = fragment;
    const open = serverIndex === undefined ? this.#calls.at(-1) : this.#byServerIndex.get(serverIndex);
    if (open !== undefined && !beginsAnother(fragment, open)) {
      open.id ??= id;
      return open;
    }
    const call: OpenCall = { index: this.#calls.length, id, name: undefined, arguments: '' };
    this.#calls.push(call);
    this.#byServerIndex.set(serverIndex ?? call.index, call);
    return call;
  }
}

function readFragment(value: JsonObject): Fragment {
  const called = isObject(value['function']) ? value['function'] : {};
  return {
    id: textOf(value['id']),
    serverIndex: numberOf(value['index']),
    name: textOf(called['name']),
    arguments: argumentsText(called['arguments']),
  };
}

/** Whether the fragment is of another call than the one that is open where it belongs. */
function beginsAnother({ id, serverIndex, name, arguments: given }: Fragment, open: OpenCall): boolean {
  if (open.name === undefined || name === undefined) return false;
  if (id !== undefined && id !== open.id) return true;
  if (serverIndex === undefined && id === undefined) return true;
  return name !== open.name || (given.trim() !== '' && isWhole(open));
}

function isWhole(call: OpenCall): boolean {
  return call.arguments.trimEnd().endsWith('}') && isObject(parseJson(call.arguments));
}

/** Arguments are a string of JSON; a few servers send the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? JSON.stringify(value) : '';
}
