import type { TokenUsage } from '@libs/llm';
import { toUnixSeconds } from '@libs/kernel';
import { toWireTool, type WireRun, type WireUsage } from '@libs/openai-wire';
import type { RunRecord } from './runs.types.js';

export function toWireRun(run: RunRecord): WireRun {
  return {
    id: run.id,
    object: 'thread.run',
    created_at: toUnixSeconds(run.createdAt),
    assistant_id: run.assistantId,
    thread_id: run.threadId,
    status: run.status,
    started_at: toUnixSeconds(run.startedAt),
    expires_at: toUnixSeconds(run.expiresAt),
    cancelled_at: toUnixSeconds(run.cancelledAt),
    failed_at: toUnixSeconds(run.failedAt),
    completed_at: toUnixSeconds(run.completedAt),
    required_action: toRequiredAction(run),
    last_error: run.lastError,
    model: run.model,
    instructions: run.instructions,
    tools: run.tools.map(toWireTool),
    tool_resources: run.toolResources,
    metadata: run.metadata,
    temperature: run.temperature ?? 1,
    top_p: run.topP ?? 1,
    reasoning_effort: run.reasoningEffort,
    max_completion_tokens: run.maxCompletionTokens,
    max_prompt_tokens: run.maxPromptTokens,
    truncation_strategy: run.truncationStrategy,
    incomplete_details: run.incompleteReason === null ? null : { reason: run.incompleteReason },
    usage: run.usage && toWireUsage(run.usage),
    response_format: run.responseFormat,
    tool_choice: run.toolChoice,
    parallel_tool_calls: run.parallelToolCalls,
    ...(run.agentType === null ? {} : { agent_type: run.agentType }),
  };
}

function toRequiredAction(run: RunRecord): WireRun['required_action'] {
  if (run.requiredCalls === null) return null;
  return {
    type: 'submit_tool_outputs',
    submit_tool_outputs: {
      tool_calls: run.requiredCalls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.arguments },
      })),
    },
  };
}

/** The recorded shape, with its singular `prompt_token_details` (openai-wire.md section 6). */
export function toWireUsage(usage: TokenUsage): WireUsage {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_token_details: { cached_tokens: usage.cachedTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
