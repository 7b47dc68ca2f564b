import type { ChatMessage, ResponseFormat } from '@libs/llm';
import {
  answerOf,
  call,
  clientFunction,
  fakeInterpreter,
  finish,
  outcomeOf,
  play,
  serverFunction,
  text,
  usage,
  type ScriptStep,
} from '../../../../test/builders/scripted-model.js';
import { createAnswerCheck } from '../answer-check.js';
import { SourceList } from '../citations/source-list.js';
import type { AgentEvent } from '../events.js';
import type { Tool } from '../tool.js';
import type { AgentType } from './agent-type.js';

const say = (words: string): ScriptStep[] => [text(words), finish('stop'), usage(10, 5)];
const PLAN = say('{"goal":"g","plan":[{"step":1,"description":"remember","tool":null}]}');
const REFUSAL = 'Nothing was found.';
const found = (events: AgentEvent[], type: 'refusal-delta' | 'reasoning-delta'): string =>
  events.flatMap((event) => (event.type === type ? [event.text] : [])).join('');

describe('where only what was found may be told', () => {
  const search = serverFunction('file_search');
  const searches: ScriptStep[] = [...call(0, 's', 'file_search', '{}'), finish('tool_calls')];
  const MEMORY = 'It is Bob.';
  type Way = [agent: AgentType, title: string, turns: ScriptStep[][]];

  test.each<Way>([
    ['chat', 'answers at once', [say(MEMORY)]],
    ['react', 'finds nothing', [say('Action: file_search\nAction Input: {}'), say(`Final Answer: ${MEMORY}`)]],
    ['plan_execute', 'plans no search', [PLAN, say(MEMORY), say(`FINISHED=True\n${MEMORY}`)]],
    ['ultrawork', 'finds nothing', [searches, say(MEMORY)]],
    ['ultrawork', 'never searches', [say(MEMORY), say(MEMORY), say(MEMORY)]],
  ])('%s, whose model %s, tells none of its words and thoughts', async (agent, _title, turns) => {
    const toolChoice = { type: 'function' as const, function: { name: 'file_search' } };
    const grounding = { sources: new SourceList(), refusal: REFUSAL };
    const { events, model } = await play(turns, { agent, tools: [search], toolChoice, grounding });
    expect(outcomeOf(events)).toEqual({ type: 'completed' });
    expect(answerOf(events)).toBe(REFUSAL);
    expect(found(events, 'reasoning-delta')).toBe('');
    expect(model.requests).toHaveLength(turns.length);
  });

  test('JSON that was asked for is left out, and the refusal stands apart', async () => {
    const grounding = { sources: new SourceList(), refusal: REFUSAL };
    const request = { model: 'script', responseFormat: { type: 'json_object' as const } };
    const turns = [PLAN, say(MEMORY), say('FINISHED=True\n{"a": 1}')];
    const { events } = await play(turns, { agent: 'plan_execute', grounding, request });
    expect(answerOf(events)).toBe('');
    expect(found(events, 'refusal-delta')).toBe(REFUSAL);
  });
});

describe('where the answer is to be of a form', () => {
  const FORMAT: ResponseFormat = {
    type: 'json_schema',
    json_schema: { name: 'n', schema: { type: 'object', required: ['n'] } },
  };
  const request = { model: 'script', responseFormat: FORMAT };
  const answerCheck = createAnswerCheck(FORMAT);
  type Way = [agent: AgentType, title: string, turns: ScriptStep[][], sentFormats: number];

  test.each<Way>([
    ['plan_execute', 'is so at once', [PLAN, say('42'), say('FINISHED=True\n{"n": 42}')], 0],
    ['plan_execute', 'is not', [PLAN, say('42'), say('FINISHED=True\nIt is 42.'), say('{"n": 42}')], 1],
    ['ultrawork', 'is so at once', [say('{"n": 42}'), say('ADEQUATE: true')], 0],
    ['ultrawork', 'is not', [say('It is 42.'), say('ADEQUATE: true'), say('42'), say('{"n": 42}')], 2],
    ['react', 'is so', [say('Action: code_interpreter\nAction Input: 1'), say('Final Answer: {"n": 42}')], 0],
    ['react', 'is not', [say('Final Answer: 42'), say('Final Answer: {"n": 42}')], 0],
  ])('%s, whose answer %s, gives it in that form and nothing beside it', async (agent, _title, turns, sentFormats) => {
    const { events, model } = await play(turns, { agent, tools: [fakeInterpreter()], request, answerCheck });
    expect(outcomeOf(events)).toEqual({ type: 'completed' });
    expect(answerOf(events)).toBe('{"n": 42}');
    expect(model.requests).toHaveLength(turns.length);
    expect(model.requests.filter(({ responseFormat }) => responseFormat !== undefined)).toHaveLength(sentFormats);
    const told = model.requests.map(({ messages }) => JSON.stringify(messages)).join('\n');
    expect(told.includes('without a fence around it')).toBe(agent === 'react' || sentFormats > 0);
  });
});

test('what the developer said is in every plan, step and answer of plan_execute', async () => {
  const messages: ChatMessage[] = [
    { role: 'developer', content: 'Speak like a pirate.' },
    { role: 'user', content: 'go' },
  ];
  const turns = [PLAN, say('42'), say('FINISHED=True\nArr.')];
  const { model } = await play(turns, { agent: 'plan_execute', messages });
  for (const asked of model.requests) expect(JSON.stringify(asked.messages)).toContain('Speak like a pirate.');
});

test.each([
  ['JSON', '{"code": "print(1'],
  ['bare', 'print(1'],
])('react does not act on input that was cut: %s', async (_title, input) => {
  const tool = fakeInterpreter();
  const cut = [text(`Action: code_interpreter\nAction Input: ${input}`), finish('length')];
  const { events } = await play([cut], { agent: 'react', tools: [tool] });
  expect(outcomeOf(events)).toEqual({ type: 'incomplete', reason: 'max_tokens' });
  expect(tool.calls).toEqual([]);
});

test('react reads the results of one turn in the order of its calls', async () => {
  const calls = ['a', 'b'].map((id) => ({
    id,
    type: 'function' as const,
    function: { name: 'look', arguments: '{}' },
  }));
  const messages: ChatMessage[] = [
    { role: 'user', content: 'go' },
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: 'b', content: 'B' },
    { role: 'tool', tool_call_id: 'a', content: 'A' },
  ];
  const { model } = await play([say('Final Answer: ok')], {
    agent: 'react',
    tools: [clientFunction('look')],
    messages,
  });
  expect(model.requests[0]?.messages.at(-1)?.content).toBe('Observation: A\n\nObservation: B');
});

test('a result that was cut through a character is whole where it is read and shown', async () => {
  const tool: Tool = {
    ...serverFunction('look'),
    async *execute() {
      await Promise.resolve();
      yield { type: 'result', content: 'seen \ud83d' };
    },
  };
  const turns = [[...call(0, 'a', 'look', '{}'), finish('tool_calls')], say('Done.')];
  const { events, model } = await play(turns, { tools: [tool] });
  expect(model.requests[1]?.messages.at(-1)?.content).toBe('seen \ufffd');
  expect(events).toContainEqual(expect.objectContaining({ type: 'tool-call-completed', content: 'seen \ufffd' }));
});
