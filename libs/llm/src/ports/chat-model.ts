import type OpenAI from 'openai';

/** A conversation turn as model servers take it (OpenAI's chat completion dialect). */
export type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** A tool as the model is told of it: a function with a JSON schema. */
export interface FunctionDefinition {
  name: string;
  description?: string;
  parameters?: Record<string, unknown>;
  strict?: boolean | null;
}

export type ToolChoice = 'none' | 'auto' | 'required' | { type: 'function'; function: { name: string } };

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      json_schema: { name: string; description?: string; schema?: Record<string, unknown>; strict?: boolean | null };
    };

export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  tools?: FunctionDefinition[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  stop?: string[];
  responseFormat?: ResponseFormat;
  reasoningEffort?: string;
  /** Further fields for the model server. Those above win. */
  extraBody?: Readonly<Record<string, unknown>>;
  /** Tokens for which the model is to be loaded; only for servers where requests choose that (Ollama). */
  contextSize?: number;
  /** How long the model stays in memory afterwards, as Ollama has it: seconds, or a text such as `10m`. */
  keepAlive?: string | number;
}

/** Tokens as the model server counted them. */
export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
}

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/**
 * What one model turn yields, in order. A tool call's start precedes its fragments; `finish` comes
 * once; `usage` at most once and after `finish` (servers that give none leave it out).
 */
export type ChatDelta =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'refusal'; text: string }
  | { type: 'tool-call-start'; index: number; id: string; name: string }
  | { type: 'tool-call-arguments'; index: number; fragment: string }
  | { type: 'finish'; reason: FinishReason }
  | { type: 'usage'; usage: TokenUsage };

/** For whom a call is made. */
export interface CallContext {
  /** Of the run, or of the chat completion; of the request where it is passed on as it came. */
  runId?: string;
  /** Of what the run belongs to; servers may keep what they know of its prompt. */
  threadId?: string;
  /** What the call belongs to in a trace, as W3C's header of that name; servers that trace go on with it. */
  traceparent?: string;
}

export interface CallOptions {
  context?: CallContext;
  /** Aborting closes the connection to the model server; the iterable then throws ModelAbortedError. */
  signal?: AbortSignal;
  /** Further tries of a call that failed before its first delta. Absent: as many as configured. */
  maxRetries?: number;
}

/** A model that answers conversations. Errors are `ModelError`s. */
export interface ChatModel {
  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatDelta>;
}
