export interface ScriptedToolCall {
  name: string;
  /** JSON, or the object. Strings are sent as they are, valid or not. */
  arguments: string | Record<string, unknown>;
}

export interface ScriptedError {
  status: number;
  message?: string;
  /** Sent instead of the profile's own error shape. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Comes as a frame in a stream that has begun with status 200. */
  midStream?: boolean;
}

export interface ScriptedUsage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens?: number;
}

/** What the imitation answers to one request. */
export interface ScriptedTurn {
  /** Only for requests whose last message, prompt or input contains this; absent: any. */
  match?: string;
  /** Only for requests to this path; absent: chats and completions, not what else the server does. */
  path?: string;
  /** Stays in the script after it was used. */
  repeat?: boolean;
  text?: string;
  reasoning?: string;
  toolCalls?: ScriptedToolCall[];
  finishReason?: string;
  error?: ScriptedError;
  /** The connection is destroyed at this point. */
  cut?: 'before-headers' | 'mid-stream';
  /** Milliseconds before the headers and before each further frame. */
  delayMs?: number;
  /** Milliseconds of silence after the first half of the frames. */
  silentMs?: number;
  /** Characters of text in one frame; absent: words. */
  chunkSize?: number;
  usage?: ScriptedUsage;
  /** Answers a stream request with one JSON body. */
  whole?: boolean;
  /** Frames sent as they are instead of the profile's. */
  rawFrames?: string[];
}

export interface ScriptedRequestBody {
  model: string;
  think?: unknown;
  messages?: { role: string; content?: unknown; tool_calls?: { function: { arguments?: unknown } }[] }[];
  prompt?: unknown;
  input?: unknown;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  tools?: unknown[];
}

const FALLBACK: ScriptedTurn = { text: 'This is the imitation of a model server.' };

/** The turns that are still to come. */
export class Script {
  #turns: ScriptedTurn[];

  constructor(turns: readonly ScriptedTurn[] = []) {
    this.#turns = [...turns];
  }

  set(turns: readonly ScriptedTurn[]): void {
    this.#turns = [...turns];
  }

  /** The first turn for chats and completions that fits, used up unless it repeats. */
  take(body: ScriptedRequestBody, path: string): ScriptedTurn {
    return this.#find(body, (turn) => turn.path === undefined || turn.path === path) ?? FALLBACK;
  }

  /** As `take`, of those that are for this path alone. */
  takeFor(body: ScriptedRequestBody, path: string): ScriptedTurn | undefined {
    return this.#find(body, (turn) => turn.path === path);
  }

  #find(body: ScriptedRequestBody, isFor: (turn: ScriptedTurn) => boolean): ScriptedTurn | undefined {
    const asked = JSON.stringify(body.messages?.at(-1)?.content ?? body.prompt ?? body.input ?? '');
    const index = this.#turns.findIndex(
      (turn) => isFor(turn) && (turn.match === undefined || asked.includes(turn.match)),
    );
    const turn = this.#turns[index];
    if (turn?.repeat !== true && index >= 0) this.#turns.splice(index, 1);
    return turn;
  }
}

/** The pieces in which a text is sent. */
export function piecesOf(text: string, chunkSize: number | undefined): string[] {
  const pattern = chunkSize === undefined ? /\S+\s*|\s+/gu : new RegExp(`[\\s\\S]{1,${chunkSize}}`, 'gu');
  return text.match(pattern) ?? [];
}

export function argumentsText(call: ScriptedToolCall): string {
  return typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
}

export function usageOf(turn: ScriptedTurn): Required<ScriptedUsage> {
  const { promptTokens = 12, completionTokens = 7, cachedTokens = 0 } = turn.usage ?? {};
  return { promptTokens, completionTokens, cachedTokens };
}

export function finishReasonOf(turn: ScriptedTurn): string {
  return turn.finishReason ?? (turn.toolCalls === undefined ? 'stop' : 'tool_calls');
}

/** What is wrong with the arguments of past calls, as Python's parser has it; undefined where nothing is. */
export function brokenArguments({ messages }: Partial<ScriptedRequestBody>): string | undefined {
  const past = Array.isArray(messages) ? messages.flatMap(({ tool_calls: calls }) => calls ?? []) : [];
  const isReadable = (value: unknown): boolean => {
    try {
      return typeof value !== 'string' || value === '' || typeof JSON.parse(value) === 'object';
    } catch {
      return false;
    }
  };
  return past.every((call) => isReadable(call.function.arguments))
    ? undefined
    : 'Expecting value: line 1 column 1 (char 0)';
}
