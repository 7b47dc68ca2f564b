import { invalidRequest } from '@libs/openai-wire';
import type { RequiredCall, RunStepRecord } from './runs.types.js';

export interface ToolOutput {
  tool_call_id?: string;
  output?: string | null;
}

/**
 * Outputs by call id. All calls must be answered in one request and nothing else (openai-wire.md section 6); a missing
 * or null output is an empty one.
 */
export function readToolOutputs(
  required: readonly RequiredCall[],
  outputs: readonly ToolOutput[],
): Map<string, string> {
  const expected = required.map((call) => call.id);
  const given = outputs.map((output) => output.tool_call_id ?? '');
  const complete = given.length === expected.length && expected.every((id) => given.includes(id));
  if (!complete || new Set(given).size !== given.length) {
    throw invalidRequest(
      `Expected tool outputs for call_ids ${quoted(expected)}, got ${quoted(given)}`,
      'tool_outputs',
    );
  }
  return new Map(outputs.map((output) => [output.tool_call_id ?? '', output.output ?? '']));
}

function quoted(ids: readonly string[]): string {
  return `[${ids.map((id) => `'${id}'`).join(', ')}]`;
}

/** The step that waited, with the client's outputs in it. */
export function completeWithOutputs(
  step: RunStepRecord,
  outputs: ReadonlyMap<string, string>,
  now: Date,
): RunStepRecord {
  return {
    ...step,
    status: 'completed',
    completedAt: now,
    toolCalls: step.toolCalls.map((call) => ({ ...call, result: outputs.get(call.id) ?? call.result })),
  };
}
