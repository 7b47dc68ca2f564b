import type { ChatMessage } from '@libs/llm';
import { keyOf, madeCalls, timesRepeated } from './repeated-calls.js';

let ids = 0;
function turn(name: string, given: string, result: string): ChatMessage[] {
  const id = `c${(ids += 1)}`;
  return [
    { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name, arguments: given } }] },
    { role: 'tool', tool_call_id: id, content: result },
  ];
}
const same = (): ChatMessage[] => turn('f', '{"a":1,"b":2}', 'no');
const other = (): ChatMessage[] => turn('g', '{}', '');
const user: ChatMessage = { role: 'user', content: 'go' };

test.each<[string, ChatMessage[], number]>([
  ['never', [user], 0],
  ['once', [user, ...same()], 1],
  ['three times', [user, ...same(), ...same(), ...same()], 3],
  ['with its names in another order', [...same(), ...turn('f', '{ "b": 2, "a": 1 }', 'no')], 2],
  ['with another result before', [...turn('f', '{"a":1,"b":2}', 'yes'), ...same()], 1],
  ['with another call between', [...same(), ...turn('g', '{}', ''), ...same()], 1],
  ['in turn with another', [...same(), ...other(), ...same(), ...other()], 2],
  ['in turn with another that had another result', [...same(), ...other(), ...same(), ...turn('g', '{}', 'x')], 1],
  ['as a part of a longer round', [...other(), ...same(), ...other(), ...same(), ...other()], 2],
  ['with a refusal', [...same(), ...same(), ...turn('f', '{"a":1,"b":2}', 'refused'), ...same()], 4],
  ['with a refusal in a round', [...same(), ...other(), ...turn('f', '{"b":2,"a":1}', 'refused'), ...other()], 2],
  ['before the user spoke', [...same(), user], 0],
  ['with another argument', [...turn('f', '{"a":2}', 'no')], 0],
])('%s', (_, messages, times) => {
  const made = madeCalls(messages, (name, result) => name === 'f' && result === 'refused');
  expect(timesRepeated(made, keyOf('f', '{"a":1,"b":2}'))).toBe(times);
});

test('a call has the result of its own turn, where a server uses an id again', () => {
  const messages = [same(), same()].flat().map((message) => ({ ...message, ...renamed(message) }));
  const last = messages.at(-1);
  if (last?.role === 'tool') last.content = 'yes';
  expect(madeCalls(messages, () => false).map(({ result }) => result)).toEqual(['no', 'yes']);
});

function renamed(message: ChatMessage): object {
  if (message.role === 'tool') return { tool_call_id: 'c' };
  return message.role === 'assistant' ? { tool_calls: message.tool_calls?.map((each) => ({ ...each, id: 'c' })) } : {};
}
