import type { Dispatcher } from 'undici';
import type { Backend } from '../backends/backend.js';
import { parseJson } from '../json.js';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { readLimited } from './body.js';
import type { Connection } from './connection.js';
import { DeltaAssembler } from './delta-assembler.js';
import { mapErrorFrame } from './error-mapping.js';
import { readEventStream, type StreamEvent } from './event-stream.js';
import { adaptTo, type Adaptations } from './request-adaptation.js';
import { toRequestBody } from './request-body.js';
import { readError } from './read-error.js';
import { retriedStream } from './retried-stream.js';
import { isCut, streamCut } from './transport-error.js';

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

const LONGEST_JSON_BODY = 64 * 1024 * 1024;

/** The chat completion dialect of OpenAI over HTTP, as vLLM, Ollama, llama.cpp and many others speak it. */
export class OpenAiCompatibleChat implements ChatModel {
  readonly #options: ChatClientOptions;
  /** Of the models for which there are any. */
  readonly #adaptations = new Map<string, Adaptations>();
  readonly #usual: Adaptations;

  constructor(options: ChatClientOptions) {
    this.#options = options;
    const { maxTokensField } = options.backend;
    this.#usual = { withoutStreamOptions: false, maxTokensField, roles: 'any' };
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
      body: JSON.stringify(body),
      accept: 'text/event-stream',
      context,
      ...(signal !== undefined && { signal }),
    });
    // A body that is left before its end emits an error of its own; without a listener it would end the process.
    response.body.on('error', () => undefined);
    if (response.statusCode >= 300) throw await readError(response);
    yield* isJson(response) ? readWhole(response) : readStream(response, signal);
  }
}

function isJson(response: Dispatcher.ResponseData): boolean {
  return String(response.headers['content-type'] ?? '').includes('application/json');
}

/** Some servers answer in one piece although asked to stream. */
async function* readWhole(response: Dispatcher.ResponseData): AsyncGenerator<ChatDelta> {
  const chunk = parseJson(await readLimited(response.body, LONGEST_JSON_BODY));
  if (chunk === undefined) throw new ModelError('failed', 'The model server sent an answer that is not JSON.');
  const assembler = new DeltaAssembler();
  yield* assembler.push(chunk);
  yield* assembler.end();
}

async function* readStream(
  response: Dispatcher.ResponseData,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatDelta> {
  const assembler = new DeltaAssembler();
  try {
    for await (const event of readEventStream(response.body)) {
      if (event.data !== '[DONE]') yield* assembler.push(readEvent(event));
    }
  } catch (error) {
    const isLoss = !assembler.finished || signal?.aborted === true;
    if (isLoss) throw isCut(error) ? streamCut(error) : error;
  }
  yield* assembler.end();
}

function readEvent(event: StreamEvent): unknown {
  const chunk = parseJson(event.data);
  if (event.event === 'error') throw mapErrorFrame(chunk ?? event.data);
  if (chunk === undefined) throw new ModelError('failed', 'The model server sent an event that is not JSON.');
  return chunk;
}
