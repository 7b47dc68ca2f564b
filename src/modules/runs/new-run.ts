import type { AssistantTool, ToolResources } from '@libs/openai-wire';
import type { AssistantRecord } from '../assistants/index.js';
import type { CreateRunDto } from './dto/run.dto.js';
import type { RunRecord } from './runs.types.js';

/** Time that a run has until it expires, waiting for the client included (openai-wire.md section 6). */
const RUN_LIFE_MS = 600_000;

interface NewRunParts {
  id: string;
  threadId: string;
  assistant: AssistantRecord;
  body: CreateRunDto;
  tools: AssistantTool[];
  toolResources: ToolResources;
}

/** A queued run: the assistant's settings, with what the request says instead. */
export function newRun(
  parts: NewRunParts,
): Omit<RunRecord, 'projectId'> & { leaseOwner: null; leaseExpiresAt: null; claims: 0 } {
  const { id, threadId, assistant, body, tools, toolResources } = parts;
  const createdAt = new Date();
  return {
    id,
    createdAt,
    threadId,
    assistantId: assistant.id,
    status: 'queued',
    ...NOTHING_HAPPENED,
    expiresAt: new Date(createdAt.getTime() + RUN_LIFE_MS),
    model: body.model ?? assistant.model,
    instructions: toInstructions(body, assistant),
    tools,
    toolResources,
    metadata: body.metadata ?? {},
    temperature: body.temperature ?? assistant.temperature,
    topP: body.top_p ?? assistant.topP,
    maxPromptTokens: body.max_prompt_tokens ?? null,
    maxCompletionTokens: body.max_completion_tokens ?? null,
    truncationStrategy: {
      type: body.truncation_strategy?.type ?? 'auto',
      last_messages: body.truncation_strategy?.last_messages ?? null,
    },
    toolChoice: body.tool_choice ?? 'auto',
    parallelToolCalls: body.parallel_tool_calls ?? true,
    responseFormat: body.response_format ?? assistant.responseFormat ?? 'auto',
    reasoningEffort: body.reasoning_effort ?? assistant.reasoningEffort,
    agentType: body.agent_type ?? assistant.agentType,
  };
}

const NOTHING_HAPPENED = {
  requiredCalls: null,
  lastError: null,
  incompleteReason: null,
  startedAt: null,
  cancelledAt: null,
  failedAt: null,
  completedAt: null,
  usage: null,
  leaseOwner: null,
  leaseExpiresAt: null,
  claims: 0,
} as const;

/** The request's instructions replace the assistant's; additional ones follow. Null when there are none. */
function toInstructions(body: CreateRunDto, assistant: AssistantRecord): string | null {
  const parts = [body.instructions ?? assistant.instructions, body.additional_instructions];
  const text = parts.filter((part) => part !== null && part !== undefined && part !== '').join('\n\n');
  return text === '' ? null : text;
}
