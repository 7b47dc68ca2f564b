import type { ChatMessage, ChatRequest } from '../ports/chat-model.js';
import { readableArguments } from './past-calls.js';
import type { Adaptations } from './request-adaptation.js';
import { withShortCallIds } from './short-call-ids.js';
import { toRoles } from './strict-roles.js';

type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>;

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
    messages: toSentMessages(request.messages, options),
    ...(hasTools && {
      tools: tools.map((definition) => ({ type: 'function', function: definition })),
      ...toolChoiceOf(toolChoice, adaptations),
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

function toolChoiceOf(asked: ChatRequest['toolChoice'], { callsInText }: Adaptations): { tool_choice?: unknown } {
  if (callsInText) return { tool_choice: 'none' };
  return asked === undefined ? {} : { tool_choice: asked };
}

function toSentMessages(
  messages: readonly ChatMessage[],
  { adaptations, developerRole }: { adaptations: Adaptations; developerRole: boolean },
): ChatMessage[] {
  const sent = messages.map((message) => toSentMessage(message, developerRole));
  return toRoles(adaptations.shortCallIds ? withShortCallIds(sent) : sent, adaptations.roles);
}

function toSentMessage(message: ChatMessage, developerRole: boolean): ChatMessage {
  if (message.role === 'developer' && !developerRole) return { ...message, role: 'system' };
  return message.role === 'assistant' && message.tool_calls ? withReadableCalls(message) : message;
}

function withReadableCalls(message: AssistantMessage): AssistantMessage {
  const calls = message.tool_calls?.map((call) =>
    call.type === 'function'
      ? { ...call, function: { ...call.function, arguments: readableArguments(call.function.arguments) } }
      : call,
  );
  return { ...message, ...(calls && { tool_calls: calls }) };
}

/** The one function that must be called, as the only one there is. */
function withoutNamedChoice({ tools, toolChoice }: ChatRequest): Pick<ChatRequest, 'tools' | 'toolChoice'> {
  const name = typeof toolChoice === 'object' ? toolChoice.function.name : undefined;
  const named = tools?.filter((tool) => tool.name === name);
  return named?.length
    ? { tools: named, toolChoice: 'required' }
    : { ...(tools && { tools }), ...(toolChoice !== undefined && { toolChoice }) };
}
