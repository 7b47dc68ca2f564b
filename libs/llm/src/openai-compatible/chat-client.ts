import { sleep } from '@libs/kernel';
import type { Dispatcher } from 'undici';
import type { Backend } from '../backends/backend.js';
import { parseJson } from '../json.js';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { readLimited } from './body.js';
import type { Connection } from './connection.js';
import { DeltaAssembler } from './delta-assembler.js';
import { mapErrorAnswer, mapErrorFrame } from './error-mapping.js';
import { readEventStream, type StreamEvent } from './event-stream.js';
import { adaptTo, type Adaptations } from './request-adaptation.js';
import { toRequestBody } from './request-body.js';
import { retryDelay } from './retry-policy.js';
import { streamCut, toModelError } from './transport-error.js';

export interface ChatClientOptions {
  connection: Connection;
  backend: Backend;
  /** Name of the server, for errors. */
  server: string;
  /** Further tries of a call that failed before its first delta. */
  maxRetries: number;
  random?: () => number;
}

const LONGEST_ERROR_BODY = 64 * 1024;
const LONGEST_JSON_BODY = 64 * 1024 * 1024;

/** The chat completion dialect of OpenAI over HTTP, as vLLM, Ollama, llama.cpp and many others speak it. */
export class OpenAiCompatibleChat implements ChatModel {
  readonly #options: ChatClientOptions;
  #adaptations: Adaptations;

  constructor(options: ChatClientOptions) {
    this.#options = options;
    this.#adaptations = { withoutStreamOptions: false, maxTokensField: options.backend.maxTokensField };
  }

  async *stream(request: ChatRequest, options: CallOptions = {}): AsyncGenerator<ChatDelta> {
    const { signal, maxRetries = this.#options.maxRetries } = options;
    let attempt = 0;
    for (;;) {
      let begun = false;
      const adaptations = this.#adaptations;
      try {
        for await (const delta of this.#attempt(request, adaptations, signal)) {
          begun = true;
          yield delta;
        }
        return;
      } catch (error) {
        const failure = this.#toModelError(error, signal);
        if (begun) throw failure;
        if (!this.#adapt(failure, adaptations)) {
          await this.#waitForRetry(failure, { attempt, maxRetries }, signal);
          attempt += 1;
        }
      }
    }
  }

  async *#attempt(
    request: ChatRequest,
    adaptations: Adaptations,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatDelta> {
    const { connection, backend } = this.#options;
    const body = toRequestBody(request, { adaptations, developerRole: backend.developerRole });
    const response = await connection.request('POST', '/chat/completions', {
      body: JSON.stringify(body),
      accept: 'text/event-stream',
      ...(signal !== undefined && { signal }),
    });
    // A body that is left before its end emits an error of its own; without a listener it would end the process.
    response.body.on('error', () => undefined);
    if (response.statusCode >= 300) throw await readError(response);
    yield* isJson(response) ? readWhole(response) : readStream(response, signal);
  }

  /** Whether the failure taught something that makes another try promising. It holds for later calls too. */
  #adapt(failure: ModelError, used: Adaptations): boolean {
    const adapted = adaptTo(failure, used);
    if (adapted !== undefined) this.#adaptations = adapted;
    return adapted !== undefined;
  }

  async #waitForRetry(
    failure: ModelError,
    { attempt, maxRetries }: { attempt: number; maxRetries: number },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { random = Math.random } = this.#options;
    const delay = retryDelay(failure, attempt, maxRetries, random);
    if (delay === undefined) throw failure;
    await sleep(delay, signal);
    if (signal?.aborted) throw this.#toModelError(failure, signal);
  }

  #toModelError(error: unknown, signal: AbortSignal | undefined): ModelError {
    return toModelError(error, this.#options.server, signal);
  }
}

async function readError(response: Dispatcher.ResponseData): Promise<ModelError> {
  const body = await readLimited(response.body, LONGEST_ERROR_BODY);
  return mapErrorAnswer({ status: response.statusCode, body, headers: response.headers }, Date.now());
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

/** Whether the connection ended amid the answer, as opposed to falling silent or sending nonsense. */
function isCut(error: unknown): boolean {
  return toModelError(error, '', undefined).kind === 'unavailable' && !(error instanceof ModelError);
}
