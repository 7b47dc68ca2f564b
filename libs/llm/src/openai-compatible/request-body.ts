import type { ChatMessage, ChatRequest } from '../ports/chat-model.js';
import type { Adaptations } from './request-adaptation.js';
import { toRoles } from './strict-roles.js';

/** The JSON body of a streamed chat completion. Absent options are left out: servers have defaults of their own. */
export function toRequestBody(
  request: ChatRequest,
  options: { adaptations: Adaptations; developerRole: boolean; namedToolChoice: boolean },
): Record<string, unknown> {
  const { adaptations } = options;
  const { tools, toolChoice } = options.namedToolChoice ? request : withoutNamedChoice(request);
  const hasTools = tools !== undefined && tools.length > 0;
  return {
    ...request.extraBody,
    model: request.model,
    messages: toRoles(
      options.developerRole ? request.messages : request.messages.map(developerAsSystem),
      adaptations.roles,
    ),
    ...(hasTools && {
      tools: tools.map((definition) => ({ type: 'function', function: definition })),
      ...(toolChoice !== undefined && { tool_choice: toolChoice }),
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

/** The one function that must be called, as the only one there is. */
function withoutNamedChoice({ tools, toolChoice }: ChatRequest): Pick<ChatRequest, 'tools' | 'toolChoice'> {
  const name = typeof toolChoice === 'object' ? toolChoice.function.name : undefined;
  const named = tools?.filter((tool) => tool.name === name);
  return named?.length
    ? { tools: named, toolChoice: 'required' }
    : { ...(tools && { tools }), ...(toolChoice !== undefined && { toolChoice }) };
}
