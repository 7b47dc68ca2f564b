import type { TokenUsage } from '@libs/llm';
import type { ChatDeltaParts, ChatFinishReason, GeneratedFile } from './chat-presenter.js';

/** What every chunk and the whole answer have in common. */
export interface ChatAnswerHead {
  id: string;
  /** Seconds since 1970. */
  created: number;
  model: string;
}

/** What Threadmill adds to an answer. */
export interface ChatExtensions {
  generated_files?: GeneratedFile[];
  attached_files?: string[];
  x_session_id?: string;
}

export function toChunk(head: ChatAnswerHead, delta: ChatDeltaParts & { role?: 'assistant' }): Record<string, unknown> {
  return { ...chunkHead(head), choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] };
}

export function toLastChunk(
  head: ChatAnswerHead,
  reason: ChatFinishReason,
  extensions: ChatExtensions,
): Record<string, unknown> {
  const files = extensions.generated_files;
  return {
    ...chunkHead(head),
    choices: [{ index: 0, delta: files ? { files } : {}, logprobs: null, finish_reason: reason }],
    ...extensions,
  };
}

export function toUsageChunk(head: ChatAnswerHead, usage: TokenUsage): Record<string, unknown> {
  return { ...chunkHead(head), choices: [], usage: toChatUsage(usage) };
}

export function toCompletion(
  head: ChatAnswerHead,
  message: Record<string, unknown>,
  end: { reason: ChatFinishReason; usage: TokenUsage; extensions: ChatExtensions },
): Record<string, unknown> {
  const files = end.extensions.generated_files;
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      { index: 0, message: { ...message, ...(files ? { files } : {}) }, logprobs: null, finish_reason: end.reason },
    ],
    usage: toChatUsage(end.usage),
    ...end.extensions,
  };
}

function chunkHead({ id, created, model }: ChatAnswerHead): Record<string, unknown> {
  return { id, object: 'chat.completion.chunk', created, model };
}

function toChatUsage(usage: TokenUsage): Record<string, unknown> {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
