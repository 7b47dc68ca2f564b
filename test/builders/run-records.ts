import type { RunRecord, RunStepRecord, StepToolCall } from '../../src/modules/runs/runs.types.js';
import type { MessageRecord } from '../../src/modules/threads/index.js';

export const NOON = new Date('2026-01-02T12:00:00.789Z');
export const NOON_SECONDS = 1_767_355_200;

export function aRun(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'run_1',
    projectId: 'proj_1',
    createdAt: NOON,
    threadId: 'thread_1',
    assistantId: 'asst_1',
    status: 'in_progress',
    requiredCalls: null,
    lastError: null,
    incompleteReason: null,
    expiresAt: new Date(NOON.getTime() + 600_000),
    startedAt: NOON,
    cancelledAt: null,
    failedAt: null,
    completedAt: null,
    model: 'demo',
    instructions: null,
    tools: [],
    toolResources: {},
    metadata: {},
    usage: null,
    temperature: null,
    topP: null,
    maxPromptTokens: null,
    maxCompletionTokens: null,
    truncationStrategy: { type: 'auto', last_messages: null },
    toolChoice: 'auto',
    parallelToolCalls: true,
    responseFormat: 'auto',
    reasoningEffort: null,
    agentType: null,
    ...changes,
  };
}

export function aStep(changes: Partial<RunStepRecord> = {}): RunStepRecord {
  return {
    id: 'step_1',
    projectId: 'proj_1',
    createdAt: NOON,
    threadId: 'thread_1',
    runId: 'run_1',
    assistantId: 'asst_1',
    type: 'tool_calls',
    status: 'completed',
    messageId: null,
    toolCalls: [],
    lastError: null,
    expiredAt: null,
    cancelledAt: null,
    failedAt: null,
    completedAt: NOON,
    metadata: {},
    usage: null,
    ...changes,
  };
}

export function aCall(changes: Partial<StepToolCall> = {}): StepToolCall {
  return {
    id: 'call_1',
    kind: 'code_interpreter',
    name: 'code_interpreter',
    input: '1',
    outputs: [],
    arguments: '{"code":"1"}',
    result: 'ok',
    ...changes,
  };
}

export function aMessage(changes: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: 'msg_1',
    projectId: 'proj_1',
    createdAt: NOON,
    threadId: 'thread_1',
    role: 'user',
    status: 'completed',
    incompleteReason: null,
    completedAt: NOON,
    incompleteAt: null,
    content: [{ type: 'text', text: { value: 'hello', annotations: [] } }],
    assistantId: null,
    runId: null,
    attachments: [],
    fileIds: [],
    metadata: {},
    queued: false,
    ...changes,
  };
}
