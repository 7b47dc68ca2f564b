import { OLLAMA } from '../backends/ollama.js';
import { HttpModelServer, type HttpModelServerOptions } from '../backends/http-model-server.js';
import { ollamaEmbeddings } from '../embeddings/ollama-embeddings.js';
import { isObject, parseJson, textOf } from '../json.js';
import { readLimited } from '../openai-compatible/body.js';
import { mapErrorAnswer } from '../openai-compatible/error-mapping.js';
import { toModelError } from '../openai-compatible/transport-error.js';
import { forwardChat } from '../openai-face/forward-chat.js';
import type { CallOptions, ChatModel } from '../ports/chat-model.js';
import type { EmbeddingModel } from '../ports/embedding-model.js';
import { ModelError } from '../ports/model-error.js';
import type {
  ForwardRequest,
  ForwardSink,
  ModelInfo,
  ModelServer,
  PullProgress,
  ServerHealth,
} from '../ports/model-server.js';
import { MODEL_PULLING } from '../routing/site.js';
import { readTags, withResidency } from './model-listing.js';
import { MissingModelSink } from './missing-model-sink.js';
import { OllamaChat } from './ollama-chat.js';
import type { OllamaOptions } from './ollama-options.js';
import { Pulls } from './pulls.js';

export interface OllamaServerOptions extends Omit<HttpModelServerOptions, 'backend'> {
  ollama: OllamaOptions;
  /** Told of pulls that begin and end. */
  notice?: ((text: string) => void) | undefined;
}

const LIST_TIMEOUT_MS = 5000;
const LONGEST_LIST = 16 * 1024 * 1024;
const PULL_RETRY_MS = 10_000;

/**
 * Ollama by its own interface: what its OpenAI face lacks is context size, time in memory, thinking switched off, and the
 * state of models. The face stays for completions and embeddings that are passed on, and for proxies that have nothing else.
 */
export class OllamaServer implements ModelServer {
  readonly name: string;
  readonly kind = OLLAMA.name;
  readonly address: string;
  readonly loadsPerRequest = true;
  readonly chat: ChatModel;
  readonly embeddings: EmbeddingModel;
  readonly forward: (request: ForwardRequest, sink: ForwardSink) => void;
  readonly #face: HttpModelServer;
  readonly #root: string;
  readonly #ollama: OllamaOptions;
  readonly #native: ChatModel;
  readonly #pulls: Pulls;
  /** Whether the server was found to have nothing but the face. */
  #hasFaceOnly = false;

  constructor({ ollama, notice = () => undefined, ...options }: OllamaServerOptions) {
    const backend = { ...OLLAMA, embeddings: ollamaEmbeddings(ollama) };
    this.#face = new HttpModelServer({ ...options, backend });
    this.#ollama = ollama;
    this.name = this.#face.name;
    this.address = options.address;
    const { connection } = this.#face;
    this.#root = connection.apiUrl.slice(0, -OLLAMA.apiPath.length);
    this.#pulls = new Pulls({
      dispatcher: connection.dispatcher,
      url: new URL(`${this.#root}/api/pull`),
      headers: connection.headers('application/x-ndjson'),
      notice: (text) => notice(`${this.name}: ${text}`),
    });
    this.#native = new OllamaChat({
      connection,
      url: new URL(`${this.#root}/api/chat`),
      server: this.name,
      options: ollama,
      maxRetries: options.maxRetries,
      onMissing: (model, failure) => this.#missing(model, failure),
    });
    this.chat = { stream: (request, call) => this.#chat.stream(request, call) };
    this.forward = (request, sink) => this.#forward(request, sink);
    this.embeddings = { embed: (request, call) => this.#embed(request, call) };
  }

  get #chat(): ChatModel {
    return this.#hasFaceOnly ? this.#face.chat : this.#native;
  }

  #forward(request: ForwardRequest, sink: ForwardSink): void {
    const isChat = request.path === '/chat/completions';
    if (isChat && !this.#hasFaceOnly) void forwardChat(this.#native, this.name, request, sink);
    else if (this.#ollama.pull === true) this.#face.forward(request, this.#pulling(request, sink));
    else this.#face.forward(request, sink);
  }

  #pulling({ body }: ForwardRequest, sink: ForwardSink): ForwardSink {
    return new MissingModelSink(sink, (failure) => {
      const asked = parseJson(body.toString('utf8'));
      return this.#missing((isObject(asked) && textOf(asked['model'])) || '', failure);
    });
  }

  async listModels({ signal }: CallOptions = {}): Promise<ModelInfo[]> {
    try {
      const tags = await this.#get('/api/tags', signal);
      this.#hasFaceOnly = tags.status === 404 || tags.status === 405;
      if (this.#hasFaceOnly) return await this.#face.listModels(signal === undefined ? {} : { signal });
      if (tags.status >= 300) throw mapErrorAnswer(tags, Date.now());
      const models = readTags(parseJson(tags.body));
      if (models === undefined) throw new ModelError('failed', `The model server ${this.name} sent no list of models.`);
      const [described, running] = await Promise.all([this.#face.describe(models), this.#running(signal)]);
      return withResidency(described, running, Date.now()).map((model) => this.#withOwnContext(model));
    } catch (error) {
      throw toModelError(error, this.name, signal);
    }
  }

  health(): Promise<ServerHealth> {
    return this.#face.health();
  }

  pullOf(model: string): PullProgress | undefined {
    return this.#pulls.progressOf(model);
  }

  async close(): Promise<void> {
    this.#pulls.close();
    await this.#face.close();
  }

  async #embed(...[request, call]: Parameters<EmbeddingModel['embed']>): ReturnType<EmbeddingModel['embed']> {
    try {
      return await this.#face.embeddings.embed(request, call);
    } catch (error) {
      const isMissing = error instanceof ModelError && error.kind === 'model_not_found';
      throw isMissing ? this.#missing(request.model, error) : error;
    }
  }

  /** Requests say it, so it is so for every model of which nothing else was said. */
  #withOwnContext(model: ModelInfo): ModelInfo {
    const { contextSize } = this.#ollama;
    return contextSize === undefined ? model : { ...model, contextSize };
  }

  #missing(model: string, failure: ModelError): ModelError {
    const { pull, placed } = this.#ollama;
    const isPulled = pull === true && placed?.has(model) === true;
    if (!isPulled) return new ModelError('model_not_found', `${failure.message}. ${pullHint(model)}`, failure.details);
    const problem = this.#pulls.failureOf(model);
    if (problem !== undefined) {
      return new ModelError('model_not_found', `The model '${model}' could not be pulled: ${problem}`, failure.details);
    }
    const progress = this.#pulls.start(model);
    const message = `The model '${model}' is being pulled on the model server ${this.name}${shown(progress)}. Try again later.`;
    return new ModelError('unavailable', message, { status: 503, code: MODEL_PULLING, retryAfterMs: PULL_RETRY_MS });
  }

  async #running(signal: AbortSignal | undefined): Promise<unknown> {
    try {
      const answer = await this.#get('/api/ps', signal);
      return answer.status < 300 ? parseJson(answer.body) : undefined;
    } catch {
      return undefined;
    }
  }

  async #get(
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; body: string; headers: Record<string, string | string[] | undefined> }> {
    const { connection } = this.#face;
    const timeout = AbortSignal.timeout(LIST_TIMEOUT_MS);
    const url = new URL(this.#root + path);
    const answer = await connection.dispatcher.request({
      origin: url.origin,
      path: url.pathname,
      method: 'GET',
      headers: connection.headers('application/json'),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const body = await readLimited(answer.body, LONGEST_LIST);
    return { status: answer.statusCode, body, headers: answer.headers };
  }
}

/** How a model comes to an Ollama server. */
export function pullHint(model: string): string {
  return `\`ollama pull ${model}\` on the model server adds it.`;
}

function shown({ completed, total }: PullProgress): string {
  if (total === 0) return '';
  return `: ${Math.floor((completed / total) * 100)} % of ${(total / 1e9).toFixed(1)} GB`;
}
