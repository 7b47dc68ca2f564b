import type { AgentEvent, AgentOutcome } from '@libs/agent';
import { messageNames, PRE, present, type PresentedRun } from '../../../test/builders/presented-run.js';
import {
  call,
  clientFunction,
  fakeInterpreter,
  finish,
  piece,
  play,
  start,
  text,
  tokens,
  usage,
} from '../../../test/builders/scripted-model.js';
import { aRun, NOON } from '../../../test/builders/run-records.js';
import { toWireRun } from './run.mapper.js';

const ANSWER = [text('It is '), text('42.'), finish('stop'), usage(20, 5)];
const code = (source: string): string => JSON.stringify({ code: source });
const toolNames = (deltas: number): string[] => [
  'run.step.created',
  'run.step.in_progress',
  ...Array.from({ length: deltas }, () => 'run.step.delta'),
];

describe('the orders of section 5.2', () => {
  test('(a) text', async () => {
    const { events } = await play([ANSWER]);
    const presented = present(events);
    expect(presented.names).toEqual([...PRE, ...messageNames(2), 'run.step.completed', 'run.completed']);
    expect(presented.run).toMatchObject({
      status: 'completed',
      completedAt: NOON,
      expiresAt: null,
      usage: tokens(20, 5),
    });
    expect(presented.steps).toMatchObject([{ type: 'message_creation', status: 'completed', usage: tokens(20, 5) }]);
    expect(presented.messages).toMatchObject([{ status: 'completed', runId: 'run_1', assistantId: 'asst_1' }]);
    expect(presented.steps[0]?.messageId).toBe(presented.messages[0]?.id);
  });

  test('(b) code_interpreter, with leading text and several steps', async () => {
    const tool = fakeInterpreter(
      [
        { type: 'output', output: { type: 'logs', logs: '1\n' } },
        { type: 'output', output: { type: 'logs', logs: '2\n' } },
        { type: 'output', output: { type: 'image', fileId: 'file-i' } },
        { type: 'result', content: '1' },
      ],
      [{ type: 'result', content: '(no output)' }],
    );
    const { events } = await play(
      [
        [text('Let me see.'), ...call(0, 'c1', 'code_interpreter', code('a')), usage(10, 1)],
        [start(0, 'c2', 'code_interpreter'), piece(0, '{"code":"b'), piece(0, 'b"}'), usage(11, 2)],
        ANSWER,
      ],
      { tools: [tool] },
    );
    const presented = present(events);
    expect(presented.names).toEqual([
      ...PRE,
      ...messageNames(1),
      'run.step.completed',
      ...toolNames(5),
      'run.step.completed',
      ...toolNames(3),
      'run.step.completed',
      ...messageNames(2),
      'run.step.completed',
      'run.completed',
    ]);
    expect(presented.run.usage).toEqual(tokens(41, 8));
    expect(presented.steps[1]?.toolCalls).toEqual([
      {
        id: 'c1',
        kind: 'code_interpreter',
        name: 'code_interpreter',
        input: 'a',
        outputs: [
          { type: 'logs', logs: '1\n2\n' },
          { type: 'image', fileId: 'file-i' },
        ],
        arguments: code('a'),
        result: '1',
      },
    ]);
  });

  test('(d) functions: the step stays open, the run waits and tells no usage', async () => {
    const { events } = await play(
      [[start(0, 'c1', 'f'), piece(0, '{"a"'), piece(0, ':1}'), ...call(1, 'c2', 'g', '{}'), usage(3, 4)]],
      { tools: [clientFunction('f'), clientFunction('g')] },
    );
    const presented = present(events);
    expect(presented.names).toEqual([...PRE, ...toolNames(5), 'run.requires_action']);
    expect(presented.frames.at(-1)?.data).toMatchObject({
      status: 'requires_action',
      usage: null,
      required_action: {
        type: 'submit_tool_outputs',
        submit_tool_outputs: {
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
            { id: 'c2', type: 'function', function: { name: 'g', arguments: '{}' } },
          ],
        },
      },
    });
    expect(toWireRun(presented.run).expires_at).not.toBeNull();
    expect(presented.steps).toMatchObject([
      {
        status: 'in_progress',
        usage: tokens(3, 4),
        toolCalls: [
          { id: 'c1', arguments: '{"a":1}', result: null },
          { id: 'c2', arguments: '{}', result: null },
        ],
      },
    ]);
  });
});

const step = 0;
const OPEN_MESSAGE: AgentEvent[] = [
  { type: 'message-started', step },
  { type: 'text-delta', step, text: 'half', annotations: [] },
];
const OPEN_TOOL: AgentEvent[] = [
  {
    type: 'tool-call-started',
    step,
    index: 0,
    id: 'c1',
    name: 'code_interpreter',
    kind: 'code_interpreter',
    byClient: false,
  },
  { type: 'tool-call-delta', step, index: 0, fragment: 'x' },
];
const end = (outcome: AgentOutcome): AgentEvent => ({ type: 'finished', outcome });
const ABORTED = end({ type: 'aborted' });
const FAILED = end({ type: 'failed', code: 'invalid_prompt', message: 'no' });

/** What follows PRE and the opening of what is open. */
function ending(
  events: AgentEvent[],
  stopReason?: 'cancelled' | 'expired' | 'lost',
): PresentedRun & { tail: string[] } {
  const presented = present(events, stopReason === undefined ? {} : { stopReason });
  const from = presented.names.findLastIndex((name) => name.endsWith('.delta') || name === 'run.in_progress');
  return { ...presented, tail: presented.names.slice(from + 1) };
}

describe('how whatever is open is closed', () => {
  const states: [string, AgentEvent[], boolean, boolean][] = [
    ['nothing open', [], false, false],
    ['a message open', OPEN_MESSAGE, true, true],
    ['a tool step open', OPEN_TOOL, false, true],
  ];
  const outcomes = [
    ['(e) cancelled', ABORTED, 'cancelled', 'cancelled', 'cancelled', 'run_cancelled'],
    ['expired', ABORTED, 'expired', 'expired', 'expired', 'run_expired'],
    ['(f) failed', FAILED, undefined, 'failed', 'failed', 'run_failed'],
  ] as const;

  test.each(states.flatMap((state) => outcomes.map((outcome) => [...state, ...outcome] as const)))(
    '%s: %#',
    (_, open, hasMessage, hasStep, __, event, stopReason, stepStatus, runStatus, reason) => {
      const { tail, messages, steps, run } = ending([...open, event], stopReason);
      expect(tail).toEqual([
        ...(hasMessage ? ['message.incomplete'] : []),
        ...(hasStep ? [`run.step.${stepStatus}`] : []),
        `run.${runStatus}`,
      ]);
      expect(messages.map((message) => [message.status, message.incompleteReason, message.incompleteAt])).toEqual(
        hasMessage ? [['incomplete', reason, NOON]] : [],
      );
      const times = { cancelled: 'cancelledAt', expired: 'expiredAt', failed: 'failedAt' } as const;
      expect(steps.map((record) => [record.status, record[times[stepStatus]], record.completedAt])).toEqual(
        hasStep ? [[stepStatus, NOON, null]] : [],
      );
      expect(run.status).toBe(runStatus);
      expect(run.usage).toEqual(tokens(0, 0));
      expect(run.expiresAt === null).toBe(runStatus !== 'expired');
    },
  );

  test('(f) a run tells every code, a step the two it may', () => {
    for (const code of ['server_error', 'rate_limit_exceeded', 'invalid_prompt'] as const) {
      const { run, steps } = present([...OPEN_TOOL, end({ type: 'failed', code, message: 'why' })]);
      expect(run).toMatchObject({ failedAt: NOON, lastError: { code, message: 'why' } });
      const stepCode = code === 'invalid_prompt' ? 'server_error' : code;
      expect(steps[0]?.lastError).toEqual({ code: stepCode, message: 'why' });
    }
  });

  test('(g) incomplete by the length of a message', async () => {
    const { events } = await play([[text('half'), finish('length'), usage(1, 2)]]);
    const { tail, run, messages } = ending(events);
    expect(tail).toEqual(['message.incomplete', 'run.step.completed', 'run.incomplete']);
    expect(messages[0]).toMatchObject({ status: 'incomplete', incompleteReason: 'max_tokens', completedAt: null });
    expect(run).toMatchObject({ incompleteReason: 'max_completion_tokens', usage: tokens(1, 2), expiresAt: null });
  });

  test('(g) incomplete in the arguments of a call', async () => {
    const { events } = await play(
      [[...call(0, 'c', 'code_interpreter', '{"code":"x'), finish('length'), usage(1, 2)]],
      {
        tools: [fakeInterpreter()],
      },
    );
    const { tail, run } = ending(events);
    expect(tail).toEqual(['run.step.completed', 'run.incomplete']);
    expect(run.usage).toEqual(tokens(1, 2));
  });

  test('the filter of a model leaves no reason that the wire does not know', async () => {
    const { events } = await play([[text('half'), finish('content_filter')]]);
    const { run, messages } = ending(events);
    expect(messages[0]?.incompleteReason).toBe('content_filter');
    expect(run.incompleteReason).toBeNull();
  });

  test('a run that another process takes over is left as it is', () => {
    const { tail, run } = ending([...OPEN_MESSAGE, ABORTED], 'lost');
    expect(tail).toEqual([]);
    expect(run.status).toBe('in_progress');
  });

  test('a message cut off before its first word has an empty text', () => {
    const { messages } = present([{ type: 'message-started', step }, ABORTED]);
    expect(messages[0]?.content).toEqual([{ type: 'text', text: { value: '', annotations: [] } }]);
  });
});

test('a run that goes on adds to what it used before', async () => {
  const { events } = await play([ANSWER]);
  const { run } = present(events, { run: aRun({ usage: tokens(100, 10), requiredCalls: [] }) });
  expect(run).toMatchObject({ usage: tokens(120, 15), requiredCalls: null });
});

test('events out of order are an error of the program', () => {
  expect(() => present([{ type: 'text-delta', step, text: 'a', annotations: [] }])).toThrow('No message is open.');
  expect(() => present([{ type: 'tool-call-delta', step, index: 0, fragment: 'a' }])).toThrow('No step is open.');
  expect(() => present([...OPEN_TOOL, { type: 'tool-call-delta', step, index: 4, fragment: 'a' }])).toThrow('call 4');
});
