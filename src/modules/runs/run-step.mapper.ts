import { assertNever, toUnixSeconds } from '@libs/kernel';
import type { WireRunStep } from '@libs/openai-wire';
import { toWireUsage } from './run.mapper.js';
import type { RunStepRecord, StepOutput, StepSearch, StepToolCall } from './runs.types.js';

type WireStepDetails = WireRunStep['step_details'];
type WireSearch = Extract<WireToolCall, { type: 'file_search' }>['file_search'];
type WireToolCall = Extract<WireStepDetails, { type: 'tool_calls' }>['tool_calls'][number];

/** @param withContent whether searches show what they found, or only where (openai-wire.md section 5.2) */
export function toWireRunStep(step: RunStepRecord, withContent = false): WireRunStep {
  return {
    id: step.id,
    object: 'thread.run.step',
    created_at: toUnixSeconds(step.createdAt),
    run_id: step.runId,
    assistant_id: step.assistantId,
    thread_id: step.threadId,
    type: step.type,
    status: step.status,
    cancelled_at: toUnixSeconds(step.cancelledAt),
    completed_at: toUnixSeconds(step.completedAt),
    expired_at: toUnixSeconds(step.expiredAt),
    // The recorded traffic says expires_at, the specification expired_at: both are sent.
    expires_at: null,
    failed_at: toUnixSeconds(step.failedAt),
    last_error: step.lastError,
    step_details: toStepDetails(step, withContent),
    // What a step that waits for its outputs has used is known, but the wire says it at the end only.
    usage: step.status === 'in_progress' ? null : step.usage && toWireUsage(step.usage),
    metadata: step.metadata,
  };
}

function toStepDetails(step: RunStepRecord, withContent: boolean): WireStepDetails {
  switch (step.type) {
    case 'message_creation':
      return { type: 'message_creation', message_creation: { message_id: step.messageId ?? '' } };
    case 'tool_calls':
      return { type: 'tool_calls', tool_calls: step.toolCalls.map((call) => toWireToolCall(call, withContent)) };
    default:
      return assertNever(step.type);
  }
}

function toWireToolCall(call: StepToolCall, withContent: boolean): WireToolCall {
  switch (call.kind) {
    case 'code_interpreter':
      return {
        id: call.id,
        type: 'code_interpreter',
        code_interpreter: { input: call.input, outputs: call.outputs.map(toWireOutput) },
      };
    case 'file_search':
      return {
        id: call.id,
        type: 'file_search',
        file_search: call.search ? toWireSearch(call.search, withContent) : {},
      };
    case 'function':
      return {
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.input, output: call.result },
      };
    default:
      return assertNever(call.kind);
  }
}

export function toWireSearch({ ranking, results }: StepSearch, withContent: boolean): WireSearch {
  return {
    ranking_options: ranking,
    results: results.map(({ fileId, filename, score, attributes, page, headings, text }) => ({
      file_id: fileId,
      file_name: filename,
      score,
      attributes,
      page,
      headings,
      ...(withContent ? { content: [{ type: 'text' as const, text }] } : {}),
    })),
  };
}

export function toWireOutput(
  output: StepOutput,
): { type: 'logs'; logs: string } | { type: 'image'; image: { file_id: string } } {
  return output.type === 'logs'
    ? { type: 'logs', logs: output.logs }
    : { type: 'image', image: { file_id: output.fileId } };
}
