import { toUnixSeconds } from '@libs/kernel';
import { toWireTool, type WireAssistant } from '@libs/openai-wire';
import type { AssistantRecord } from './assistants.types.js';

export function toWireAssistant(assistant: AssistantRecord): WireAssistant {
  return {
    id: assistant.id,
    object: 'assistant',
    created_at: toUnixSeconds(assistant.createdAt),
    name: assistant.name,
    description: assistant.description,
    model: assistant.model,
    instructions: assistant.instructions,
    tools: assistant.tools.map(toWireTool),
    tool_resources: assistant.toolResources,
    metadata: assistant.metadata,
    temperature: assistant.temperature ?? 1,
    top_p: assistant.topP ?? 1,
    response_format: assistant.responseFormat ?? 'auto',
    reasoning_effort: assistant.reasoningEffort,
    ...(assistant.agentType === null ? {} : { agent_type: assistant.agentType }),
    ...(assistant.fileIds.length > 0 ? { file_ids: assistant.fileIds } : {}),
  };
}
