import { errorCode, errorMessage } from '@libs/kernel';
import { request } from 'undici';
import { HttpEmbeddingModel } from '../embeddings/http-embedding-model.js';
import { parseJson } from '../json.js';
import { SlottedChat } from '../llamacpp/slotted-chat.js';
import { readLimited } from '../openai-compatible/body.js';
import { OpenAiCompatibleChat } from '../openai-compatible/chat-client.js';
import { Connection } from '../openai-compatible/connection.js';
import { mapErrorAnswer } from '../openai-compatible/error-mapping.js';
import { toModelError } from '../openai-compatible/transport-error.js';
import type { CallOptions, ChatModel } from '../ports/chat-model.js';
import type { EmbeddingModel } from '../ports/embedding-model.js';
import { ModelError } from '../ports/model-error.js';
import type { ForwardRequest, ForwardSink, ModelInfo, ModelServer, ServerHealth } from '../ports/model-server.js';
import type { Reranker } from '../ports/reranker.js';
import { HttpReranker } from '../rerank/http-reranker.js';
import type { Backend } from './backend.js';
import { forward } from './forward.js';
import { withDetails, type ModelDetails } from './model-details.js';
import { readModelList } from './model-list.js';
import { toServerAddress } from './server-address.js';

export interface HttpModelServerOptions {
  backend: Backend;
  /** Absent: the backend's. */
  name?: string;
  /** As configured, such as `http://localhost:8000`. */
  address: string;
  apiKey?: string;
  /** Milliseconds without a byte after which a call fails. */
  timeoutMs: number;
  maxRetries: number;
}

const LIST_TIMEOUT_MS = 5000;
const HEALTH_TIMEOUT_MS = 2000;
const TOKENIZE_TIMEOUT_MS = 10_000;
const LONGEST_LIST = 16 * 1024 * 1024;

/** A model server that speaks OpenAI's dialect over HTTP. */
export class HttpModelServer implements ModelServer {
  readonly name: string;
  readonly kind: string;
  readonly address: string;
  readonly chat: ChatModel;
  readonly embeddings: EmbeddingModel;
  readonly reranker?: Reranker;
  readonly forward: (request: ForwardRequest, sink: ForwardSink) => void;
  readonly #backend: Backend;
  readonly connection: Connection;
  readonly #healthUrl: string;
  readonly #tokenizeUrl: string | undefined;
  readonly #detailsUrl: string | undefined;
  #slots: number | undefined;
  readonly #knownDetails = new Map<string, ModelDetails>();

  constructor(options: HttpModelServerOptions) {
    const { backend, apiKey, timeoutMs, maxRetries } = options;
    const address = toServerAddress(backend, options.address);
    const { apiUrl, embeddingsUrl, rerankUrl } = address;
    this.name = options.name ?? backend.name;
    this.kind = backend.name;
    this.address = options.address;
    this.#backend = backend;
    this.#healthUrl = address.healthUrl;
    this.#tokenizeUrl = address.tokenizeUrl;
    this.#detailsUrl = address.detailsUrl;
    this.connection = new Connection({ apiUrl, timeoutMs, ...(apiKey !== undefined && { apiKey }) });
    this.forward = (forwarded, sink) => forward(this.connection, this.name, forwarded, sink);
    this.chat = this.#slotted(
      new OpenAiCompatibleChat({ connection: this.connection, backend, server: this.name, maxRetries }),
      address.slotsUrl,
    );
    const call = { connection: this.connection, server: this.name, maxRetries };
    this.embeddings = new HttpEmbeddingModel({ ...call, url: embeddingsUrl, dialect: backend.embeddings });
    if (rerankUrl !== undefined) this.reranker = new HttpReranker({ ...call, url: rerankUrl });
  }

  #slotted(chat: ChatModel, slotsUrl: string | undefined): ChatModel {
    if (slotsUrl === undefined) return chat;
    return new SlottedChat(chat, {
      connection: this.connection,
      url: new URL(slotsUrl),
      slotCount: () => this.#slots,
    });
  }

  async listModels({ signal }: CallOptions = {}): Promise<ModelInfo[]> {
    const timeout = AbortSignal.timeout(LIST_TIMEOUT_MS);
    try {
      const answer = await this.connection.request('GET', '/models', {
        accept: 'application/json',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      const body = await readLimited(answer.body, LONGEST_LIST);
      if (answer.statusCode >= 300) {
        throw mapErrorAnswer({ status: answer.statusCode, body, headers: answer.headers }, Date.now());
      }
      const models = readModelList(parseJson(body), this.#backend.owner);
      if (models === undefined) throw new ModelError('failed', `The model server ${this.name} sent no list of models.`);
      return await this.describe(models);
    } catch (error) {
      throw toModelError(error, this.name, signal);
    }
  }

  /** The models with what else the server says of each. */
  async describe(models: ModelInfo[]): Promise<ModelInfo[]> {
    const { details } = this.#backend;
    if (!details || this.#detailsUrl === undefined) return models;
    const { dispatcher } = this.connection;
    const headers = this.connection.headers('application/json');
    const described = await withDetails(models, {
      url: this.#detailsUrl,
      dialect: details,
      dispatcher,
      headers,
      known: this.#knownDetails,
    });
    this.#slots = described.find(({ slots }) => slots !== undefined)?.slots ?? this.#slots;
    return described;
  }

  async health(): Promise<ServerHealth> {
    try {
      const answer = await request(this.#healthUrl, {
        dispatcher: this.connection.dispatcher,
        headers: this.connection.headers('application/json'),
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
      });
      await answer.body.dump();
      if (answer.statusCode < 300) return { status: 'ok' };
      return { status: 'down', reason: `${this.name} answered with status ${answer.statusCode}` };
    } catch (error) {
      return { status: 'down', reason: `${this.name} does not answer (${errorCode(error) ?? errorMessage(error)})` };
    }
  }

  /** Null where the server has no tokenizer to ask, or does not answer: counting is never worth a failed run. */
  async countTokens(model: string, text: string): Promise<number | null> {
    const { tokenize } = this.#backend;
    if (!tokenize || this.#tokenizeUrl === undefined) return null;
    try {
      const answer = await request(this.#tokenizeUrl, {
        dispatcher: this.connection.dispatcher,
        method: 'POST',
        headers: this.connection.headers('application/json'),
        body: JSON.stringify(tokenize.body(model, text)),
        signal: AbortSignal.timeout(TOKENIZE_TIMEOUT_MS),
      });
      const body = await readLimited(answer.body, LONGEST_LIST);
      return answer.statusCode < 300 ? (tokenize.count(parseJson(body)) ?? null) : null;
    } catch {
      return null;
    }
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
