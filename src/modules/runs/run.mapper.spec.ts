import { aRun, NOON, NOON_SECONDS } from '../../../test/builders/run-records.js';
import { toWireRun, toWireUsage } from './run.mapper.js';

describe('a run on the wire', () => {
  test('has every field of the specification and those that the real API sends beyond', () => {
    expect(toWireRun(aRun())).toEqual({
      id: 'run_1',
      object: 'thread.run',
      created_at: NOON_SECONDS,
      assistant_id: 'asst_1',
      thread_id: 'thread_1',
      status: 'in_progress',
      started_at: NOON_SECONDS,
      expires_at: NOON_SECONDS + 600,
      cancelled_at: null,
      failed_at: null,
      completed_at: null,
      required_action: null,
      last_error: null,
      model: 'demo',
      instructions: null,
      tools: [],
      tool_resources: {},
      metadata: {},
      temperature: 1,
      top_p: 1,
      reasoning_effort: null,
      max_completion_tokens: null,
      max_prompt_tokens: null,
      truncation_strategy: { type: 'auto', last_messages: null },
      incomplete_details: null,
      usage: null,
      response_format: 'auto',
      tool_choice: 'auto',
      parallel_tool_calls: true,
    });
  });

  test('a temperature of 0 stays 0', () => {
    expect(toWireRun(aRun({ temperature: 0, topP: 0 }))).toMatchObject({ temperature: 0, top_p: 0 });
  });

  test.each([
    ['cancelledAt', 'cancelled_at'],
    ['failedAt', 'failed_at'],
    ['completedAt', 'completed_at'],
  ] as const)('%s is %s in whole seconds', (field, wire) => {
    expect(toWireRun(aRun({ [field]: NOON }))[wire]).toBe(NOON_SECONDS);
  });

  test('why it is incomplete, what went wrong, what it waits for', () => {
    const lastError = { code: 'server_error', message: 'no' } as const;
    const requiredCalls = [{ id: 'c1', name: 'f', arguments: '{}' }];
    expect(toWireRun(aRun({ incompleteReason: 'max_prompt_tokens', lastError, requiredCalls }))).toMatchObject({
      incomplete_details: { reason: 'max_prompt_tokens' },
      last_error: lastError,
      required_action: {
        type: 'submit_tool_outputs',
        submit_tool_outputs: { tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      },
    });
  });
});

test('usage has the recorded form, with its singular prompt_token_details', () => {
  expect(toWireUsage({ promptTokens: 10, completionTokens: 5, cachedTokens: 4, reasoningTokens: 3 })).toEqual({
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 15,
    prompt_token_details: { cached_tokens: 4 },
    completion_tokens_details: { reasoning_tokens: 3 },
  });
});
