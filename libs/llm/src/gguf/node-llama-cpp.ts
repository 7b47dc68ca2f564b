import { errorCode } from '@libs/kernel';
import { ModelError } from '../ports/model-error.js';

/** The part of node-llama-cpp 3 that is used here (https://node-llama-cpp.withcat.ai/api/). It is no dependency of ours. */
export interface LlamaModule {
  getLlama(options: { gpu: 'auto' | false; build: 'never'; progressLogs: false }): Promise<Llama>;
  LlamaChat: new (options: { contextSequence: Sequence }) => LlamaChat;
}

export interface Llama {
  loadModel(options: { modelPath: string }): Promise<LlamaModel>;
  createGrammarForJsonSchema(schema: unknown): Promise<unknown>;
  getGrammarFor(type: 'json'): Promise<unknown>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  trainContextSize: number;
  tokenizer: unknown;
  tokenize(text: string): unknown[];
  createContext(options: { contextSize: number; sequences: number; threads?: number }): Promise<LlamaContext>;
}

export interface LlamaContext {
  contextSize: number;
  getSequence(): Sequence;
}

export interface Sequence {
  tokenMeter: { getState(): { usedInputTokens: number; usedOutputTokens: number } };
}

export type HistoryItem = { type: 'system' | 'user'; text: string } | { type: 'model'; response: string[] };

export interface ResponseChunk {
  type?: 'segment';
  segmentType?: string;
  text: string;
  tokens: unknown[];
}

export interface LlamaChat {
  chatWrapper: {
    generateContextState(options: { chatHistory: HistoryItem[] }): {
      contextText: { tokenize(tokenizer: unknown): unknown[] };
    };
  };
  generateResponse(
    history: HistoryItem[],
    options: {
      signal?: AbortSignal;
      stopOnAbortSignal: boolean;
      maxTokens: number;
      temperature?: number;
      topP?: number;
      seed?: number;
      customStopTriggers?: string[];
      grammar?: unknown;
      onResponseChunk(chunk: ResponseChunk): void;
    },
  ): Promise<{ metadata: { stopReason: string } }>;
}

/** Throws ModelError 'unavailable' that says what to install. */
export async function loadNodeLlamaCpp(specifier = 'node-llama-cpp'): Promise<LlamaModule> {
  try {
    return (await import(specifier)) as LlamaModule;
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND' && errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    const message =
      'Models from GGUF files need the package node-llama-cpp, which is not installed: `npm install node-llama-cpp@3`.';
    throw new ModelError('unavailable', message, { status: 503, cause: error });
  }
}
