import type { Dispatcher } from 'undici';
import { parseJson, toJson } from '../json.js';
import { readLimited } from '../openai-compatible/body.js';
import type { Connection } from '../openai-compatible/connection.js';
import { readError } from '../openai-compatible/read-error.js';
import { retriedStream } from '../openai-compatible/retried-stream.js';
import { isCut, streamCut } from '../openai-compatible/transport-error.js';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { toOllamaBody } from './chat-body.js';
import { OllamaChatReader } from './chat-reader.js';
import { readJsonLines } from './line-stream.js';
import type { OllamaOptions } from './ollama-options.js';
import { controlAfter, type ThoughtControl } from './thought-control.js';

export interface OllamaChatOptions {
  connection: Connection;
  /** `/api/chat` with its server. */
  url: URL;
  /** Name of the server, for errors. */
  server: string;
  options: OllamaOptions;
  /** Further tries of a call that failed before its first delta. */
  maxRetries: number;
  /** What the caller is told about a model that the server does not have. */
  onMissing(model: string, failure: ModelError): ModelError;
}

/** What goes with every attempt of a call. */
type Sent = { [Part in 'signal' | 'context']: CallOptions[Part] | undefined };

const LONGEST_JSON_BODY = 64 * 1024 * 1024;

/** Ollama's own chat interface. */
export class OllamaChat implements ChatModel {
  readonly #options: OllamaChatOptions;
  /** Of models that refused to be told as much as others. */
  readonly #controls = new Map<string, ThoughtControl>();

  constructor(options: OllamaChatOptions) {
    this.#options = options;
  }

  stream(request: ChatRequest, options: CallOptions = {}): AsyncGenerator<ChatDelta> {
    const { signal, context, maxRetries = this.#options.maxRetries } = options;
    const usual = this.#controls.get(request.model) ?? 'levels';
    let control = usual;
    return retriedStream({
      attempt: () => this.#attempt(request, control, { signal, context }),
      adapts: (failure) => {
        const next = controlAfter(failure, request, control);
        control = next ?? control;
        return next !== undefined;
      },
      // Not before: a refusal may quote the user's words.
      answers: () => {
        if (control !== usual) this.#controls.set(request.model, control);
      },
      server: this.#options.server,
      maxRetries,
      signal,
    });
  }

  async *#attempt(request: ChatRequest, control: ThoughtControl, { signal, context }: Sent): AsyncGenerator<ChatDelta> {
    const { connection, url, options } = this.#options;
    const body = toOllamaBody(request, options, control);
    const response = await connection.dispatcher.request({
      origin: url.origin,
      path: url.pathname,
      method: 'POST',
      headers: connection.headers('application/x-ndjson', context),
      body: toJson(body),
      signal: signal ?? null,
    });
    // A body that is left before its end emits an error of its own; without a listener it would end the process.
    response.body.on('error', () => undefined);
    if (response.statusCode >= 300) {
      const failure = await readError(response);
      throw failure.kind === 'model_not_found' ? this.#options.onMissing(request.model, failure) : failure;
    }
    yield* readAnswer(response, signal);
  }
}

async function* readAnswer(response: Dispatcher.ResponseData, signal?: AbortSignal): AsyncGenerator<ChatDelta> {
  const reader = new OllamaChatReader();
  try {
    for await (const line of linesOf(response)) yield* reader.push(line);
  } catch (error) {
    const isLoss = !reader.finished || signal?.aborted === true;
    if (isLoss) throw isCut(error) ? streamCut(error) : error;
  }
  yield* reader.end();
}

/** Proxies in front of Ollama that gather an answer send it as one piece of JSON, with or without line ends inside. */
async function* linesOf(response: Dispatcher.ResponseData): AsyncGenerator<unknown> {
  const isWhole = String(response.headers['content-type'] ?? '').includes('application/json');
  if (!isWhole) {
    yield* readJsonLines(response.body);
    return;
  }
  const answer = parseJson(await readLimited(response.body, LONGEST_JSON_BODY));
  if (answer === undefined) throw new ModelError('failed', 'The model server sent an answer that is not JSON.');
  yield answer;
}
