import { isObject, numberOf, parseJson } from '../json.js';
import { readLimited } from '../openai-compatible/body.js';
import type { Connection } from '../openai-compatible/connection.js';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '../ports/chat-model.js';
import { SlotAffinity } from './slot-affinity.js';

export interface SlottedChatOptions {
  connection: Connection;
  /** `/slots` with its server. */
  url: URL;
  /** Slots of the server, as far as it has said. */
  slotCount(): number | undefined;
}

/** Milliseconds. It is worth less than the prompt it saves. */
const SLOTS_TIMEOUT_MS = 500;
const LONGEST_ANSWER = 16 * 1024 * 1024;

/**
 * A llama.cpp server's chat that keeps each conversation in a slot of its own, where the prompt so far lies evaluated.
 * The server itself only guesses the slot by how alike prompts begin, which all threads of one assistant do.
 * https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
export class SlottedChat implements ChatModel {
  readonly #affinity = new SlotAffinity();
  /** Whether the server was started with --no-slots. */
  #isSilent = false;

  constructor(
    private readonly chat: ChatModel,
    private readonly options: SlottedChatOptions,
  ) {}

  async *stream(request: ChatRequest, options: CallOptions = {}): AsyncGenerator<ChatDelta> {
    const conversation = options.context?.threadId;
    const count = this.options.slotCount() ?? 0;
    if (conversation === undefined || count < 2) {
      yield* this.chat.stream(request, options);
      return;
    }
    const slot = this.#affinity.take(conversation, count, await this.#busy());
    if (slot === undefined) {
      yield* this.chat.stream(request, options);
      return;
    }
    try {
      const extraBody = { cache_prompt: true, ...request.extraBody, id_slot: slot };
      yield* this.chat.stream({ ...request, extraBody }, options);
    } finally {
      this.#affinity.release(slot);
    }
  }

  /** Slots that are at work, for whomever. Empty where the server does not say. */
  async #busy(): Promise<ReadonlySet<number>> {
    const { connection, url } = this.options;
    if (this.#isSilent) return new Set();
    try {
      const answer = await connection.dispatcher.request({
        origin: url.origin,
        path: url.pathname,
        method: 'GET',
        headers: connection.headers('application/json'),
        signal: AbortSignal.timeout(SLOTS_TIMEOUT_MS),
      });
      this.#isSilent = answer.statusCode === 501 || answer.statusCode === 404;
      return busyIn(parseJson(await readLimited(answer.body, LONGEST_ANSWER)));
    } catch {
      return new Set();
    }
  }
}

function busyIn(slots: unknown): ReadonlySet<number> {
  if (!Array.isArray(slots)) return new Set();
  return new Set(
    slots.flatMap((slot: unknown) => {
      const id = isObject(slot) && slot['is_processing'] === true ? numberOf(slot['id']) : undefined;
      return id === undefined ? [] : [id];
    }),
  );
}
