import { ModelError } from '@libs/llm';
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
  usage,
  type ScriptStep,
} from '../../../../test/builders/scripted-model.js';
import type { AgentInput } from '../agent-input.js';
import type { AgentEvent } from '../events.js';
import type { Protocol } from '../protocols/protocol.js';
import { AGENT_TYPES, type AgentType } from './agent-type.js';

const say = (words: string): ScriptStep[] => [text(words), finish('stop'), usage(10, 5)];
const PLAN = say(
  '{"goal":"g","plan":[{"step":1,"description":"compute","tool":"code_interpreter","expected_outcome":"a number"}]}',
);
const code = (source: string): string => JSON.stringify({ code: source });
const runsCode = (source = '1'): ScriptStep[] => [
  ...call(0, `c${source}`, 'code_interpreter', code(source)),
  finish('tool_calls'),
  usage(10, 5),
];

interface Way {
  agent?: AgentType;
  protocol?: Protocol;
  /** The turns of one good conversation that runs code once, where the agent does that at all. */
  turns: ScriptStep[][];
  answer: string;
}

const WAYS: Record<string, Way> = {
  standard: { turns: [runsCode(), say('42')], answer: '42' },
  tags: {
    protocol: 'tags',
    turns: [say('<Analyze>hm</Analyze>\n<Code>\n```python\n1\n```\n'), say('<Answer>42')],
    answer: '<Answer>42</Answer>',
  },
  'react protocol': {
    protocol: 'react',
    turns: [
      say('Thought: hm\nAction: code_interpreter\nAction Input: {"code":"1"}'),
      say('Thought: so\nFinal Answer: 42'),
    ],
    answer: '42',
  },
  chat: { agent: 'chat', turns: [say('42')], answer: '42' },
  react: {
    agent: 'react',
    turns: [say('Thought: hm\nAction: code_interpreter\nAction Input: 1'), say('Final Answer: 42')],
    answer: '42',
  },
  plan_execute: {
    agent: 'plan_execute',
    turns: [PLAN, runsCode(), say('It gave 42.'), say('FINISHED=True\n42')],
    answer: '42',
  },
  ultrawork: {
    agent: 'ultrawork',
    turns: [runsCode(), say('42'), say('ADEQUATE: true')],
    answer: '42\n\n[Completed in 1 iteration(s)]',
  },
  auto: {
    agent: 'auto',
    turns: [say('react'), say('Action: code_interpreter\nAction Input: 1'), say('Final Answer: 42')],
    answer: '42',
  },
};

const tokensOf = (turns: number): ReturnType<typeof countedTokens> => ({
  promptTokens: 10 * turns,
  completionTokens: 5 * turns,
});

type Played = Awaited<ReturnType<typeof play>>;

function playWay(
  way: Way,
  turns: ScriptStep[][],
  more: Partial<AgentInput> & { signal?: AbortSignal } = {},
): Promise<Played> {
  return play(turns, {
    tools: [fakeInterpreter()],
    ...(way.agent ? { agent: way.agent } : {}),
    ...(way.protocol ? { protocol: way.protocol } : {}),
    ...more,
  });
}

/** Each step begins once, and one is open at a time. */
function expectOrder(events: AgentEvent[]): void {
  let open = -1;
  const begun = new Set<number>();
  for (const event of events) {
    if (event.type === 'message-started' || (event.type === 'tool-call-started' && event.step !== open)) {
      expect({ open, again: begun.has(event.step) }).toEqual({ open: -1, again: false });
      open = event.step;
      begun.add(event.step);
    }
    if (event.type === 'message-completed' || event.type === 'tools-completed' || event.type === 'action-required') {
      expect(event.step).toBe(open);
      open = -1;
    }
  }
  expect(events.filter(({ type }) => type === 'finished')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('finished');
}

describe.each(Object.entries(WAYS))('%s', (name, way) => {
  test('runs code, shows it, and answers; every token is counted', async () => {
    const { events, model } = await playWay(way, way.turns);
    expect(outcomeOf(events)).toEqual({ type: 'completed' });
    expect(answerOf(events)).toBe(way.answer);
    expect(
      outline(events)
        .filter((line) => /^(call|input|called)\(/.test(line))
        .map((line) => line.replace(/\(.*?\)/, '')),
    ).toEqual(way.agent === 'chat' ? [] : [expect.stringMatching(/^call:/), 'input:1', 'called:ok']);
    expect(model.requests).toHaveLength(way.turns.length);
    expect(countedTokens(events)).toEqual(tokensOf(way.turns.length));
    expectOrder(events);
  });

  test('stops at once where it is cancelled, wherever that is', async () => {
    const moments = way.turns.length;
    for (let moment = 0; moment < moments; moment += 1) {
      const stopping = new AbortController();
      const turns = way.turns.map((turn, index) =>
        index === moment ? [turn[0] ?? finish('stop'), (): void => stopping.abort(), ...turn.slice(1)] : turn,
      );
      const { events, model } = await playWay(way, turns, { signal: stopping.signal });
      expect(outcomeOf(events)).toEqual({ type: 'aborted' });
      expect(model.requests).toHaveLength(moment + 1);
      expect(countedTokens(events)).toEqual(tokensOf(moment));
    }
  });

  test('ends with its budget of tokens', async () => {
    for (let moment = 0; moment < way.turns.length; moment += 1) {
      const { events, model } = await playWay(way, way.turns, { maxCompletionTokens: 5 * moment });
      expect(outcomeOf(events)).toEqual({ type: 'incomplete', reason: 'max_tokens' });
      expect(model.requests).toHaveLength(moment);
      expect(countedTokens(events)).toEqual(tokensOf(moment));
      expectOrder(events);
    }
  });

  test('fails clearly where the model server does, in any turn', async () => {
    for (let moment = 0; moment < way.turns.length; moment += 1) {
      const fail = (): void => {
        throw new ModelError('unavailable', 'The model server is away.');
      };
      const turns = way.turns.map((turn, index) => (index === moment ? [turn[0] ?? finish('stop'), fail] : turn));
      const { events } = await playWay(way, turns);
      expect(outcomeOf(events)).toMatchObject({ type: 'failed', message: 'The model server is away.' });
      expect(countedTokens(events)).toEqual(tokensOf(moment));
    }
  });

  test('comes to an end whatever the model says, again and again', async () => {
    const nonsense: ((turn: number) => ScriptStep[])[] = [
      () => [finish('stop')],
      () => [text('   '), finish('stop')],
      () => say('word'),
      () => say('<think>for ever'),
      () => say('<Analyze>only</Analyze>'),
      () => say('Thought: only'),
      () => runsCode(),
      (turn) => runsCode(String(turn)),
      (turn) => runsCode(String(turn % 2)),
      () => [...call(0, 'x', 'no_such_tool', '{}'), finish('tool_calls')],
      () => [...call(0, 'x', 'code_interpreter', '[broken'), finish('tool_calls')],
      () => [text('half'), finish('length')],
      () => say('<Code>\n```python\nwhile True: pass\n```\n</Code>'),
      (turn) => say(`<Code>\n\`\`\`python\nprint(${turn})\n\`\`\`\n</Code>`),
      () => say('Action: no_such_tool\nAction Input: x'),
      (turn) => say(`Action: code_interpreter\nAction Input: ${turn}`),
    ];
    for (const turnOf of nonsense) {
      const turns = Array.from({ length: 400 }, (_, turn) => turnOf(turn));
      const { events, model } = await playWay(way, turns, { maxToolRounds: 8 });
      expect(['completed', 'failed', 'incomplete']).toContain((outcomeOf(events) as { type: string }).type);
      expect(outcomeOf(events)).not.toMatchObject({ cause: expect.anything() as unknown });
      const asked = model.requests.length;
      expect({ name, turn: JSON.stringify(turns[0]), asked: asked < 250 }).toMatchObject({ asked: true });
      expectOrder(events);
    }
  });
});

test('every agent is among them', () => {
  const tested = Object.values(WAYS).flatMap(({ agent }) => agent ?? []);
  expect(tested.sort()).toEqual([...AGENT_TYPES].sort());
});

describe('chat', () => {
  test('answers without tools', async () => {
    const { events, model } = await play([say('hello')], {
      agent: 'chat',
      tools: [fakeInterpreter()],
      toolPrompt: 'Files!',
    });
    expect(answerOf(events)).toBe('hello');
    expect(model.requests[0]).not.toHaveProperty('tools');
    expect(JSON.stringify(model.requests[0]?.messages)).not.toContain('Files!');
  });
});

describe('react', () => {
  test('needs no tools of the server: they stand in the prompt, results are observations', async () => {
    const { model } = await play(WAYS['react']?.turns ?? [], { agent: 'react', tools: [fakeInterpreter()] });
    expect(model.requests.some((request) => 'tools' in request)).toBe(false);
    expect(model.requests[0]?.messages[0]?.content).toContain('code_interpreter');
    expect(model.requests[0]?.stop).toEqual(['\nObservation:']);
    expect(model.requests[1]?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: 'Thought: hm\nAction: code_interpreter\nAction Input: {"code":"1"}' },
      { role: 'user', content: 'Observation: ok' },
    ]);
  });

  test('must answer after its rounds', async () => {
    const act = (n: number): ScriptStep[] => say(`Thought: ${n}\nAction: code_interpreter\nAction Input: ${n}`);
    const { events, model } = await play([act(1), act(2), say('Final Answer: enough')], {
      agent: 'react',
      tools: [fakeInterpreter()],
      bounds: { reactIterations: 2 },
    });
    expect(answerOf(events)).toBe('enough');
    expect(model.requests[2]?.messages.at(-1)?.content).toContain('no more tools');
  });

  test("waits for the client's functions, and goes on from their results", async () => {
    const tools = [clientFunction('weather', { type: 'object', properties: { city: { type: 'string' } } })];
    const { events } = await play([say('Action: weather\nAction Input: Oslo')], { agent: 'react', tools });
    expect(events.at(-2)).toMatchObject({
      type: 'action-required',
      calls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }],
    });
  });
});

describe('plan_execute', () => {
  const options = { agent: 'plan_execute' as const, tools: [fakeInterpreter(), serverFunction('calc')] };
  const planOf = (tool: string): ScriptStep[] => say(JSON.stringify({ plan: [{ description: 'do', tool }] }));

  test('plans again where a step fails or the answer is not finished, and says so in the end', async () => {
    const round = [planOf('nothing'), say('FINISHED=False\nI know little.\nMISSING: all of it')];
    const { events } = await play([...round, ...round, ...round], options);
    expect(answerOf(events)).toBe('I know little.\n\n**Note**: This answer is incomplete. all of it');
    expect(outcomeOf(events)).toEqual({ type: 'completed' });
  });

  test('takes what is missing also where it says nothing else', async () => {
    const round = [planOf('nothing'), say('FINISHED=False\nMISSING: all of it')];
    const { events, model } = await play([...round, ...round, ...round], options);
    expect(model.requests[2]?.messages.at(-1)?.content).toContain('Why they are not enough: all of it');
    expect(answerOf(events)).toMatch(/^Step 1.*incomplete\. all of it$/s);
    expect(answerOf(events)).not.toContain('MISSING');
  });

  test.each<[Protocol, string]>([
    ['tools', '- code_interpreter: \n- calc: '],
    ['tags', '- code_interpreter: '],
    ['none', '(none)'],
  ])('plans only with tools of which the model hears by its protocol, %s', async (protocol, listed) => {
    const turns = [planOf('calc'), say('I did.'), say('FINISHED=True\ndone'), say('')];
    const { model } = await play(turns, { ...options, protocol });
    expect(model.requests[0]?.messages[0]?.content).toContain(`\n${listed}\n\n`);
    const told = JSON.stringify(model.requests[1]?.messages);
    expect(told.includes('There is no tool')).toBe(protocol !== 'tools');
  });

  test('answers as ever where no plan comes', async () => {
    const { events } = await play([say('no'), say('still no'), say('a plain answer')], options);
    expect(answerOf(events)).toBe('a plain answer');
  });

  test('takes a plan from thoughts, fences and broken JSON', async () => {
    const plan = say("<think>let me</think>Sure:\n```json\n{'plan': [{'description': 'think', 'tool': null,}]}\n```");
    const { events, model } = await play([plan, say('thought'), say('FINISHED=True\ndone')], options);
    expect(answerOf(events)).toBe('done');
    expect(model.requests[1]).not.toHaveProperty('tools');
  });
});

describe('ultrawork', () => {
  const options = { agent: 'ultrawork' as const, tools: [fakeInterpreter()] };

  test('goes on with what the review says', async () => {
    const turns = [say('half'), say('ADEQUATE: false\nFEEDBACK: the other half'), say('whole'), say('ADEQUATE: true')];
    const { events, model } = await play(turns, options);
    expect(answerOf(events)).toBe('whole\n\n[Completed in 2 iteration(s)]');
    expect(model.requests[2]?.messages.at(-1)?.content).toContain('the other half');
    expect(events.filter(({ type }) => type === 'message-started')).toHaveLength(1);
  });

  test('ends after its rounds', async () => {
    const round = [say('half'), say('ADEQUATE: false\nFEEDBACK: more')];
    const { events } = await play([...round, ...round], { ...options, bounds: { ultraworkIterations: 2 } });
    expect(answerOf(events)).toBe('half\n\n[Reached maximum 2 iterations]');
  });
});

describe('auto', () => {
  test.each<[string, string]>([
    ['chat', 'hi'],
    ['I think: chat', 'hi'],
    ['none of them', 'hi'],
    ['<think>react?</think>chat', 'hi'],
  ])('%s leads to a plain answer', async (route, answer) => {
    const { events, model } = await play([say(route), say('hi')], { agent: 'auto', tools: [fakeInterpreter()] });
    expect(answerOf(events)).toBe(answer);
    expect(model.requests).toHaveLength(2);
  });
});
