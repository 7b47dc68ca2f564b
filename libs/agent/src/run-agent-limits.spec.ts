import { PublicError } from '@libs/kernel';
import type { AgentInput } from './agent-input.js';
import type { Tool } from './tool.js';
import {
  call,
  countedTokens,
  fakeInterpreter,
  finish,
  outcomeOf,
  outline,
  play,
  text,
  tokens,
  usage,
  type ScriptStep,
} from '../../../test/builders/scripted-model.js';

const CALL = [...call(0, 'c', 'code_interpreter', '{"code":"1"}'), finish('tool_calls')];
const ANSWER = [text('done'), finish('stop')];
const FUNCTION = { type: 'function', function: { name: 'code_interpreter' } } as const;

describe('rounds of tools', () => {
  test('the choice holds for the first turn; after the last round the model must answer', async () => {
    const { events, model } = await play([CALL, CALL, ANSWER], {
      tools: [fakeInterpreter()],
      toolChoice: FUNCTION,
      maxToolRounds: 2,
    });
    expect(model.requests.map((request) => request.toolChoice)).toEqual([FUNCTION, 'auto', 'none']);
    expect(outline(events).at(-1)).toBe('finished:completed');
  });

  test('a model that goes on calling fails the run', async () => {
    const tool = fakeInterpreter();
    const { events, model } = await play([CALL, CALL, CALL, CALL], { tools: [tool], maxToolRounds: 2 });
    expect(tool.calls).toHaveLength(2);
    // It was told to answer, and once more in words.
    expect(model.requests.slice(2).map((request) => request.toolChoice)).toEqual(['none', 'none']);
    expect(events.at(-1)).toEqual({
      type: 'finished',
      outcome: {
        type: 'failed',
        code: 'server_error',
        message: 'The model went on calling tools after 2 rounds instead of answering.',
      },
      usage: tokens(0, 0),
    });
  });

  test('so does one that makes tools up', async () => {
    const turn = call(0, 'c', 'nope', '{}');
    const { events } = await play([turn, turn, turn], { maxToolRounds: 2 });
    expect(outline(events)).toEqual(['finished:failed']);
  });

  test('without tools none are offered, and no choice', async () => {
    const { model } = await play([ANSWER], { toolChoice: 'required' });
    expect(model.requests[0]).not.toHaveProperty('tools');
    expect(model.requests[0]).not.toHaveProperty('toolChoice');
  });
});

describe('the budget of tokens', () => {
  const tools = (): Tool[] => [fakeInterpreter()];

  test('what earlier turns wrote is taken off', async () => {
    const { model } = await play([[...CALL, usage(100, 30)], ANSWER], {
      tools: tools(),
      maxCompletionTokens: 100,
      request: { model: 'm', maxTokens: 80 },
    });
    expect(model.requests.map((request) => request.maxTokens)).toEqual([80, 70]);
  });

  test('used up between turns leaves the run incomplete', async () => {
    const { events, model } = await play([[...CALL, usage(1, 100)], ANSWER], {
      tools: tools(),
      maxCompletionTokens: 100,
    });
    expect(model.requests).toHaveLength(1);
    expect(events.at(-1)).toEqual({
      type: 'finished',
      outcome: { type: 'incomplete', reason: 'max_tokens' },
      usage: tokens(0, 0),
    });
  });

  const tried = (words: string): ScriptStep[] => [text(words), finish('stop'), usage(10, 40)];
  test.each<[string, string, Partial<AgentInput>]>([
    ['a turn in tags that goes on', '<Analyze>hm</Analyze>', { protocol: 'tags', tools: tools() }],
    ['a choice that is not kept to', 'No.', { toolChoice: 'required', tools: tools() }],
    ['an answer of the wrong form', 'No.', { answerCheck: () => 'It is no JSON.' }],
  ])('is one for all tries of %s', async (_, words, more) => {
    for (const [maxCompletionTokens, limits] of [
      [60, [60, 20]],
      [40, [40]],
    ] as const) {
      const { events, model } = await play([tried(words), tried(words), tried(words)], {
        ...more,
        maxCompletionTokens,
      });
      expect(model.requests.map((request) => request.maxTokens)).toEqual(limits);
      expect(outcomeOf(events)).toMatchObject(
        limits.length === 2 && more.answerCheck ? { type: 'failed' } : { type: 'incomplete', reason: 'max_tokens' },
      );
      expect(countedTokens(events).completionTokens).toBe(40 * limits.length);
    }
  });

  test.each([0, -5])('%d from the start asks no model', async (maxCompletionTokens) => {
    const { events, model } = await play([ANSWER], { maxCompletionTokens });
    expect(model.requests).toEqual([]);
    expect(outline(events)).toEqual(['finished:incomplete']);
  });

  test('no bound at all is told to no server', async () => {
    const { model } = await play([ANSWER]);
    expect(model.requests[0]).not.toHaveProperty('maxTokens');
  });

  test('cut off in the arguments of a call: the call is not made, its tokens are counted', async () => {
    const tool = fakeInterpreter();
    const { events } = await play(
      [[...call(0, 'c', 'code_interpreter', '{"code":"1'), finish('length'), usage(5, 9)]],
      { tools: [tool] },
    );
    expect(tool.calls).toEqual([]);
    expect(outline(events).slice(-2)).toEqual(['tools-completed(0)', 'finished:incomplete']);
    expect(events.at(-2)).toMatchObject({ usage: tokens(5, 9) });
  });

  test('cut off behind whole arguments: the call is made', async () => {
    const tool = fakeInterpreter();
    await play([[...call(0, 'c', 'code_interpreter', '{"code":"1"}'), finish('length')], ANSWER], { tools: [tool] });
    expect(tool.calls).toHaveLength(1);
  });
});

describe('an abort', () => {
  const stop = new Error('stop');

  test.each<[string, (abort: () => void) => ScriptStep[]]>([
    ['before the first delta', (abort) => [abort, text('a')]],
    ['between deltas', (abort) => [text('a'), abort, text('b')]],
    ['after the last delta', (abort) => [text('a'), abort]],
    [
      'together with an error',
      (abort) => [
        text('a'),
        () => {
          abort();
          throw stop;
        },
      ],
    ],
  ])('%s ends the run at once', async (_, turn) => {
    const controller = new AbortController();
    const { events } = await play([turn(() => controller.abort())], { signal: controller.signal });
    const lines = outline(events);
    expect(lines.at(-1)).toBe('finished:aborted');
    expect(lines).not.toContain('text(0):b');
    expect(lines).not.toContain('message-completed(0)');
  });

  test('before the run asks nothing of a model that heeds it', async () => {
    const { events } = await play([ANSWER], { signal: AbortSignal.abort() });
    expect(outline(events)).toEqual(['finished:aborted']);
  });

  test('during a tool that gives in: no further turn', async () => {
    const controller = new AbortController();
    const tool: Tool = {
      ...fakeInterpreter(),
      async *execute(_, signal) {
        controller.abort();
        await Promise.resolve();
        expect(signal.aborted).toBe(true);
        yield { type: 'result', content: '[Cancelled]' };
      },
    };
    const { events, model } = await play([CALL, ANSWER], { tools: [tool], signal: controller.signal });
    expect(outline(events).at(-1)).toBe('finished:aborted');
    expect(outline(events)).not.toContain('tools-completed(0)');
    expect(model.requests).toHaveLength(1);
  });

  test('during a tool that throws', async () => {
    const controller = new AbortController();
    const tool: Tool = {
      ...fakeInterpreter(),
      execute: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => {
            controller.abort();
            return Promise.reject(stop);
          },
        }),
      }),
    };
    const { events } = await play([CALL], { tools: [tool], signal: controller.signal });
    expect(outline(events).at(-1)).toBe('finished:aborted');
  });
});

test.each([
  [new PublicError('No sandbox is there.'), 'No sandbox is there.'],
  [new Error('connect ECONNREFUSED /run/secret.sock'), 'The server had an error while processing your request.'],
])('a tool that throws %s fails the run, with its call still open', async (error, message) => {
  const tool: Tool = {
    ...fakeInterpreter(),
    execute: () => {
      throw error;
    },
  };
  const { events } = await play([CALL], { tools: [tool] });
  expect(outline(events)).toEqual(['call(0.0):c', 'input(0.0):1', 'finished:failed']);
  expect(events.at(-1)).toMatchObject({ outcome: { code: 'server_error', message, cause: error } });
});

test('whoever stops listening closes the model', async () => {
  let closed = false;
  const { runAgent } = await import('./run-agent.js');
  const model = {
    async *stream() {
      try {
        for (;;) {
          await Promise.resolve();
          yield text('a');
        }
      } finally {
        closed = true;
      }
    },
  };
  const input = { model, request: { model: 'm' }, messages: [], tools: [], maxToolRounds: 1, files: new Map() };
  for await (const event of runAgent({ ...input, toolChoice: 'auto' }, new AbortController().signal)) {
    if (event.type === 'text-delta') break;
  }
  expect(closed).toBe(true);
});
