import type { Cancellation } from '@libs/kernel';
import type { CallContext, CallOptions, ChatModel } from './chat-model.js';
import type { EmbeddingModel } from './embedding-model.js';
import type { ModelSettings } from './model-settings.js';
import type { Reranker } from './reranker.js';

export interface ModelInfo {
  id: string;
  /** Seconds since 1970; 0 where the server does not say. */
  created: number;
  ownedBy: string;
  /** Tokens, prompt and answer together, where the server says. */
  contextSize?: number;
  /** What it can do besides chatting, where the server says: `tools`, `vision`, `embedding`, `thinking`. */
  capabilities?: readonly string[];
  /** Further names under which the server serves it. They are not listed. */
  aliases?: readonly string[];
  /** Requests that its server works on at once, where the server says. */
  slots?: number;
  /** Bytes on disk, where the server says. */
  size?: number;
  /** Whether it is in memory, where the server says. */
  loaded?: boolean;
  /** Seconds since 1970 until which it stays there; absent: not known, or for ever. */
  loadedUntil?: number;
}

/** How far a server is with fetching a model that it did not have. */
export interface PullProgress {
  /** In the server's words. */
  status: string;
  /** Bytes, of the part that is under way. */
  completed: number;
  total: number;
}

export type ServerHealth = { status: 'ok' } | { status: 'down'; reason: string };

/** A request passed on as it came, byte for byte. */
export interface ForwardRequest {
  /** Path below the server's base URL, such as `/chat/completions`. */
  path: string;
  body: Buffer;
  signal: Cancellation;
  /** For whom it is passed on. */
  context?: CallContext;
  /** What the administrator said about the model and no body of OpenAI's dialect has a place for. */
  settings?: Pick<ModelSettings, 'contextSize' | 'keepAlive'>;
}

/**
 * Receives a forwarded answer while it arrives. `onData` returns false to ask for a pause; the
 * `resume` given to `onStart` goes on. After `onError` nothing more is called.
 */
export interface ForwardSink {
  onStart(status: number, headers: Record<string, string>, resume: () => void): void;
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onError(error: Error): void;
}

export type Forward = (request: ForwardRequest, sink: ForwardSink) => void;

/** What answers requests for a model. */
export interface ServedModel {
  /** Whether requests choose the context size and the time in memory of their model (Ollama). Absent: no. */
  readonly loadsPerRequest?: boolean;
  readonly chat: ChatModel;
  /** Absent where the server has no such interface. */
  readonly embeddings?: EmbeddingModel;
  readonly reranker?: Reranker;
  /** Tokens of a text by the model's own tokenizer. Absent, or null, where the server does not count. */
  countTokens?(model: string, text: string): Promise<number | null>;
  /** Absent where the server does not speak OpenAI's HTTP dialect itself (the demo model). May be handed on without its server. */
  readonly forward?: Forward;
}

/** One configured model server. */
export interface ModelServer extends ServedModel {
  readonly name: string;
  /** What it is: `vllm`, `ollama`, `llamacpp`, `openai`, `demo`. */
  readonly kind: string;
  /** Where it answers; absent for one inside this process. Not for users' eyes. */
  readonly address?: string;
  listModels(options?: CallOptions): Promise<ModelInfo[]>;
  health(): Promise<ServerHealth>;
  /** Undefined where no pull of the model is under way. Absent: the server never pulls. */
  pullOf?(model: string): PullProgress | undefined;
  close(): Promise<void>;
}
