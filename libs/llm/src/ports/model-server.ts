import type { CallOptions, ChatModel } from './chat-model.js';
import type { EmbeddingModel } from './embedding-model.js';
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
}

export type ServerHealth = { status: 'ok' } | { status: 'down'; reason: string };

/** A request passed on as it came, byte for byte. */
export interface ForwardRequest {
  /** Path below the server's base URL, such as `/chat/completions`. */
  path: string;
  body: Buffer;
  signal: AbortSignal;
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

/** What answers requests for a model. */
export interface ServedModel {
  readonly chat: ChatModel;
  /** Absent where the server has no such interface. */
  readonly embeddings?: EmbeddingModel;
  readonly reranker?: Reranker;
  /** Tokens of a text by the model's own tokenizer. Absent, or null, where the server does not count. */
  countTokens?(model: string, text: string): Promise<number | null>;
  /** Absent where the server does not speak OpenAI's HTTP dialect itself (the demo model). May be handed on without its server. */
  readonly forward?: (request: ForwardRequest, sink: ForwardSink) => void;
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
  close(): Promise<void>;
}
