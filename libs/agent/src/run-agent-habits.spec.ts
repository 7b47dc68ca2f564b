import { ModelError, TOOLS_NOT_SUPPORTED, type ChatDelta } from '@libs/llm';
import {
  answerOf,
  call,
  clientFunction,
  countedTokens,
  fakeInterpreter,
  finish,
  outcomeOf,
  outline,
  play,
  serverFunction,
  text,
  tokens,
  usage,
  type ScriptStep,
} from '../../../test/builders/scripted-model.js';
import type { AgentInput } from './agent-input.js';

const say = (words: string): ScriptStep[] => [text(words), finish('stop'), usage(10, 5)];
const code = (source: string): string => JSON.stringify({ code: source });
const runsCode = (): ScriptStep[] => [
  ...call(0, 'c1', 'code_interpreter', code('1')),
  finish('tool_calls'),
  usage(10, 5),
];

describe('a model that', () => {
  const tools = [fakeInterpreter()];

  test('writes its calls as text is understood, and nothing of them is shown', async () => {
    const turn: ChatDelta[] = [
      'Let me see.\n<tool',
      '_call>{"name": "code_interpreter", "argu',
      'ments": {"code": "1"}}</tool_call>',
    ].map((piece) => text(piece));
    const { events, model } = await play([[...turn, finish('stop'), usage(1, 1)], say('42')], { tools });
    expect(outline(events)).toEqual([
      'message-started(0)',
      'text(0):Let me see.\n',
      'message-completed(0)',
      expect.stringMatching(/^call\(1\.0\)/),
      'input(1.0):1',
      'called(1.0):ok',
      'tools-completed(1)',
      'message-started(2)',
      'text(2):42',
      'message-completed(2)',
      'finished:completed',
    ]);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: 'ok' });
  });

  test('has no tools, as its server says, is told of them in words, and not asked again in this conversation', async () => {
    const refuse = (): never => {
      throw new ModelError('rejected', '"gemma" does not support tools', { status: 400, code: TOOLS_NOT_SUPPORTED });
    };
    const act = 'Thought: I compute.\nAction: code_interpreter\nAction Input: {"code": "1"}\n';
    const { events, model } = await play([[refuse], say(act), say('Thought: Done.\nFinal Answer: 42')], { tools });
    expect(answerOf(events)).toBe('42');
    expect(outcomeOf(events)).toMatchObject({ type: 'completed' });
    expect(model.requests.map((request) => (request.tools ?? []).length)).toEqual([1, 0, 0]);
    expect(JSON.stringify(model.requests[1]?.messages)).toContain('code_interpreter');
  });

  test('refuses for another reason is not asked in another way', async () => {
    const refuse = (): never => {
      throw new ModelError('rejected', 'Too long.', { status: 400, code: null });
    };
    const { events, model } = await play([[refuse]], { tools });
    expect(outcomeOf(events)).toMatchObject({ type: 'failed' });
    expect(model.requests).toHaveLength(1);
  });

  test('thinks in its text is not heard thinking', async () => {
    const { events } = await play([say('<think>hm</think>\n\nYes.')], { tools });
    expect(answerOf(events)).toBe('Yes.');
    expect(events).toContainEqual({ type: 'reasoning-delta', step: 0, text: 'hm' });
  });

  test('thinks before its turn begins is not heard thinking, from its first word on', async () => {
    const { events } = await play([say('I think.\n</think>\n\nYes.')], { tools, thinksFirst: true });
    expect(answerOf(events)).toBe('Yes.');
    expect(events).toContainEqual({ type: 'reasoning-delta', step: 0, text: 'I think.\n' });
  });

  test('is found out to think so by its first turn', async () => {
    const turns = (): ScriptStep[][] => [['I think.\n', '</think>\n\nYes.'].map(text).concat(finish('stop') as never)];
    expect(answerOf((await play(turns(), { tools })).events)).toBe('I think.\nYes.');
    expect(answerOf((await play(turns(), { tools })).events)).toBe('Yes.');
    await play([say('Yes.')], { tools });
    expect(answerOf((await play(turns(), { tools })).events)).toBe('I think.\nYes.');
  });

  const asks = (sources: string[], round: number): ScriptStep[] => [
    ...sources.flatMap((source, index) => call(index, `c${round}.${index}`, 'code_interpreter', code(source))),
    finish('tool_calls'),
  ];

  test.each([
    ['repeats a call', ['1'], 3],
    ['goes round two calls', ['1', '2'], 6],
    ['goes round three calls', ['1', '2', '3'], 9],
  ])('%s is told so, and must answer', async (_, cycle, runs) => {
    const rounds = Array.from({ length: runs + 2 }, (_unused, round) => [cycle[round % cycle.length] ?? '']);
    const tool = fakeInterpreter();
    const { events, model } = await play([...rounds.map(asks), say('well')], { tools: [tool], maxToolRounds: 30 });
    expect(tool.calls).toHaveLength(runs);
    expect(model.requests[runs + 1]?.messages.at(-1)?.content).toContain('3 times');
    expect(model.requests[runs + 2]?.toolChoice).toBe('none');
    expect(answerOf(events)).toBe('well');
  });

  test('makes one call many times in a turn is told so', async () => {
    const tool = fakeInterpreter();
    const { model } = await play([asks(Array<string>(5).fill('1'), 0), say('well')], { tools: [tool] });
    expect(tool.calls).toHaveLength(3);
    expect(model.requests[1]?.messages.slice(-3).map(({ content }) => content)).toEqual([
      'ok',
      expect.stringContaining('3 times'),
      expect.stringContaining('3 times'),
    ]);
  });

  test('makes more calls in a turn than anybody needs has the first ones made, and hears of the others', async () => {
    const tool = fakeInterpreter();
    const sources = Array.from({ length: 40 }, (_, index) => String(index));
    const { model } = await play([asks(sources, 0), say('well')], { tools: [tool] });
    expect(tool.calls).toEqual(sources.slice(0, 32).map(code));
    const answers = model.requests[1]?.messages.filter(({ role }) => role === 'tool') ?? [];
    expect(answers).toHaveLength(40);
    expect(answers.filter(({ content }) => content === 'ok')).toHaveLength(32);
    expect(answers.at(-1)?.content).toContain('was not made');
  });

  test.each([
    [128, { type: 'action_required' }],
    [129, { type: 'failed', message: expect.stringContaining('129 times in one turn') as string }],
  ])("calls the client's functions %i times in a turn", async (count, outcome) => {
    const calls = Array.from({ length: count }, (_, index) => call(index, `c${index}`, 'look', `{"at":${index}}`));
    const { events } = await play([[...calls.flat(), finish('tool_calls')]], { tools: [clientFunction('look')] });
    expect(outcomeOf(events)).toMatchObject(outcome);
    const asked = events.find(({ type }) => type === 'action-required');
    if (asked?.type === 'action-required') expect(asked.calls).toHaveLength(count);
  });

  test('gives wrong arguments hears why, and may not go on so', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const wrong: ScriptStep[] = [...call(0, 'w', 'weather', '{"town":"Oslo"}'), finish('tool_calls')];
    const weather = [serverFunction('weather', parameters)];
    const { events, model } = await play([wrong, wrong, wrong], { tools: weather });
    expect(model.requests[1]?.messages.at(-1)?.content).toContain("must have required property 'city'");
    expect(outcomeOf(events)).toMatchObject({
      type: 'failed',
      message: expect.stringContaining('3 times in a row') as string,
    });
  });

  test.each<[string, AgentInput['toolChoice']]>([
    ['a tool is demanded', 'required'],
    ['this tool is demanded', { type: 'function', function: { name: 'code_interpreter' } }],
  ])('answers where %s is asked again, and its words are not shown', async (_, toolChoice) => {
    const { events, model } = await play([say('I would rather not.'), runsCode(), say('42')], { tools, toolChoice });
    expect(outline(events)[0]).toMatch(/^call/);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'user' });
    expect(countedTokens(events)).toEqual({ promptTokens: 30, completionTokens: 15 });
  });

  test('never calls the tool that is demanded fails', async () => {
    const { events } = await play([say('no'), say('no'), say('no')], { tools, toolChoice: 'required' });
    expect(outcomeOf(events)).toMatchObject({
      type: 'failed',
      message: expect.stringContaining('did not call a tool') as string,
    });
  });

  test('calls where it may not is asked once more, and its words count', async () => {
    const { events } = await play([runsCode(), say('in words!')], { tools, toolChoice: 'none' });
    expect(outline(events)).toEqual([
      'message-started(0)',
      'text(0):in words!',
      'message-completed(0)',
      'finished:completed',
    ]);
  });

  test('does both at once where it may not call is heard only', async () => {
    const turn = [text('words!'), ...call(0, 'c', 'code_interpreter', code('1')), finish('tool_calls')];
    const { events } = await play([turn], { tools, toolChoice: 'none' });
    expect(outline(events)).toEqual([
      'message-started(0)',
      'text(0):words!',
      'message-completed(0)',
      'finished:completed',
    ]);
  });
});

test('a conversation that holds calls back shows no call of the client that is wrong', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const wrong = [...call(0, 'w', 'weather', '{}'), finish('tool_calls')];
  const right = [...call(0, 'r', 'weather', '{"city":"Oslo"}'), finish('tool_calls'), usage(1, 2)];
  const options = { tools: [clientFunction('weather', parameters)], holdsClientCalls: true };
  const { events } = await play([wrong, right], options);
  expect(outline(events)).toEqual([
    'call(0.0):r',
    'input(0.0):{"city":"Oslo"}',
    'action-required(0)',
    'finished:action_required',
  ]);
  expect(events.at(-2)).toMatchObject({ usage: tokens(1, 2) });
});
