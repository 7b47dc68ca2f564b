import { toJson } from '../json.js';
import type { Backend } from '../backends/backend.js';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '../ports/chat-model.js';
import { readAnswer } from './answer-reader.js';
import type { Connection } from './connection.js';
import { adaptTo, type Adaptations } from './request-adaptation.js';
import { toRequestBody } from './request-body.js';
import { readError } from './read-error.js';
import { retriedStream } from './retried-stream.js';

export interface ChatClientOptions {
  connection: Connection;
  backend: Backend;
  /** Name of the server, for errors. */
  server: string;
  /** Further tries of a call that failed before its first delta. */
  maxRetries: number;
  random?: () => number;
}

/** What goes with every attempt of a call. */
type Sent = { [Part in 'signal' | 'context']: CallOptions[Part] | undefined };

/** The chat completion dialect of OpenAI over HTTP, as vLLM, Ollama, llama.cpp and many others speak it. */
export class OpenAiCompatibleChat implements ChatModel {
  readonly #options: ChatClientOptions;
  /** Of the models for which there are any. */
  readonly #adaptations = new Map<string, Adaptations>();
  readonly #usual: Adaptations;

  constructor(options: ChatClientOptions) {
    this.#options = options;
    const { maxTokensField } = options.backend;
    this.#usual = {
      withoutStreamOptions: false,
      maxTokensField,
      roles: 'any',
      callsInText: false,
      shortCallIds: false,
    };
  }

  stream(
    request: ChatRequest,
    { signal, context, maxRetries = this.#options.maxRetries }: CallOptions = {},
  ): AsyncGenerator<ChatDelta> {
    const usual = this.#adaptations.get(request.model) ?? this.#usual;
    let used = usual;
    return retriedStream({
      attempt: () => this.#attempt(request, used, { signal, context }),
      adapts: (failure) => {
        const adapted = adaptTo(failure, used);
        used = adapted ?? used;
        return adapted !== undefined;
      },
      // Not before: a refusal may quote the user's words, and one user's words must change nothing for the others.
      answers: () => {
        if (used !== usual) this.#adaptations.set(request.model, used);
      },
      server: this.#options.server,
      maxRetries,
      random: this.#options.random,
      signal,
    });
  }

  async *#attempt(
    request: ChatRequest,
    adaptations: Adaptations,
    { signal, context }: Sent,
  ): AsyncGenerator<ChatDelta> {
    const { connection, backend } = this.#options;
    const { developerRole, namedToolChoice } = backend;
    const body = toRequestBody(request, { adaptations, developerRole, namedToolChoice });
    const response = await connection.request('POST', '/chat/completions', {
      body: toJson(body),
      accept: 'text/event-stream',
      context,
      ...(signal !== undefined && { signal }),
    });
    // A body that is left before its end emits an error of its own; without a listener it would end the process.
    response.body.on('error', () => undefined);
    if (response.statusCode >= 300) throw await readError(response);
    yield* readAnswer(response, signal);
  }
}
