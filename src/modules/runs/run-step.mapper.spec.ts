import { aCall, aStep, NOON_SECONDS, NOON } from '../../../test/builders/run-records.js';
import { tokens } from '../../../test/builders/scripted-model.js';
import { toWireRunStep } from './run-step.mapper.js';

describe('a step on the wire', () => {
  test('of a message', () => {
    const step = aStep({ type: 'message_creation', messageId: 'msg_1', usage: tokens(1, 2) });
    expect(toWireRunStep(step)).toEqual({
      id: 'step_1',
      object: 'thread.run.step',
      created_at: NOON_SECONDS,
      run_id: 'run_1',
      assistant_id: 'asst_1',
      thread_id: 'thread_1',
      type: 'message_creation',
      status: 'completed',
      cancelled_at: null,
      completed_at: NOON_SECONDS,
      expired_at: null,
      expires_at: null,
      failed_at: null,
      last_error: null,
      step_details: { type: 'message_creation', message_creation: { message_id: 'msg_1' } },
      usage: expect.objectContaining({ total_tokens: 3 }),
      metadata: {},
    });
  });

  test('of calls: each kind in its form, outputs without an index, nothing of what the model read', () => {
    const calls = [
      aCall({
        id: 'c1',
        input: 'print(1)',
        outputs: [
          { type: 'logs', logs: '1' },
          { type: 'image', fileId: 'file-i' },
        ],
      }),
      aCall({ id: 'c2', kind: 'function', name: 'f', input: '{"a":1}', result: 'out' }),
      aCall({ id: 'c3', kind: 'function', name: 'g', input: '{}', result: null }),
      aCall({ id: 'c4', kind: 'file_search', name: 'file_search' }),
    ];
    expect(toWireRunStep(aStep({ toolCalls: calls })).step_details).toEqual({
      type: 'tool_calls',
      tool_calls: [
        {
          id: 'c1',
          type: 'code_interpreter',
          code_interpreter: {
            input: 'print(1)',
            outputs: [
              { type: 'logs', logs: '1' },
              { type: 'image', image: { file_id: 'file-i' } },
            ],
          },
        },
        { id: 'c2', type: 'function', function: { name: 'f', arguments: '{"a":1}', output: 'out' } },
        { id: 'c3', type: 'function', function: { name: 'g', arguments: '{}', output: null } },
        { id: 'c4', type: 'file_search', file_search: {} },
      ],
    });
  });

  test.each([
    ['without their content', false, {}],
    ['with their content where it is wanted', true, { content: [{ type: 'text', text: 'cake' }] }],
  ])('a search shows where it found something, %s', (_, withContent, more) => {
    const ranking = { ranker: 'auto' as const, score_threshold: 0.25 };
    const place = { attributes: { a: 1 }, page: 2, headings: ['Food', 'Cakes'] };
    const result = { fileId: 'f', filename: 'f.txt', score: 0.5, ...place, text: 'cake' };
    const search = { ranking, results: [{ ...result, number: 1, passage: 'p' }] };
    const step = aStep({ toolCalls: [aCall({ id: 'c', kind: 'file_search', search })] });
    expect(toWireRunStep(step, withContent).step_details).toEqual({
      type: 'tool_calls',
      tool_calls: [
        {
          id: 'c',
          type: 'file_search',
          file_search: {
            ranking_options: ranking,
            results: [{ file_id: 'f', file_name: 'f.txt', score: 0.5, ...place, ...more }],
          },
        },
      ],
    });
  });

  test.each([
    ['in_progress', false],
    ['completed', true],
    ['failed', true],
    ['cancelled', true],
    ['expired', true],
  ] as const)('%s: its usage is told: %s', (status, isTold) => {
    expect(toWireRunStep(aStep({ status, usage: tokens(1, 2) })).usage !== null).toBe(isTold);
  });

  test.each([
    ['cancelledAt', 'cancelled_at'],
    ['failedAt', 'failed_at'],
    ['expiredAt', 'expired_at'],
  ] as const)('%s is %s', (field, wire) => {
    expect(toWireRunStep(aStep({ [field]: NOON }))[wire]).toBe(NOON_SECONDS);
  });
});
