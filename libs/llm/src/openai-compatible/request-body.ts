import type { ChatMessage, ChatRequest } from '../ports/chat-model.js';
import type { Adaptations } from './request-adaptation.js';

/** The JSON body of a streamed chat completion. Absent options are left out: servers have defaults of their own. */
export function toRequestBody(
  request: ChatRequest,
  options: { adaptations: Adaptations; developerRole: boolean },
): Record<string, unknown> {
  const { adaptations } = options;
  const hasTools = request.tools !== undefined && request.tools.length > 0;
  return {
    ...request.extraBody,
    model: request.model,
    messages: options.developerRole ? request.messages : request.messages.map(developerAsSystem),
    ...(hasTools && {
      tools: request.tools?.map((definition) => ({ type: 'function', function: definition })),
      ...(request.toolChoice !== undefined && { tool_choice: request.toolChoice }),
      ...(request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
    }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.maxTokens !== undefined && { [adaptations.maxTokensField]: request.maxTokens }),
    ...(request.stop !== undefined && request.stop.length > 0 && { stop: request.stop }),
    ...(request.responseFormat !== undefined && { response_format: request.responseFormat }),
    ...(request.reasoningEffort !== undefined && { reasoning_effort: request.reasoningEffort }),
    stream: true,
    ...(!adaptations.withoutStreamOptions && { stream_options: { include_usage: true } }),
  };
}

function developerAsSystem(message: ChatMessage): ChatMessage {
  return message.role === 'developer' ? { ...message, role: 'system' } : message;
}
