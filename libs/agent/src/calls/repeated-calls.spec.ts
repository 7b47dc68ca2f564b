import type { ChatMessage } from '@libs/llm';
import { timesRepeated } from './repeated-calls.js';

let ids = 0;
function turn(name: string, given: string, result: string): ChatMessage[] {
  const id = `c${(ids += 1)}`;
  return [
    { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name, arguments: given } }] },
    { role: 'tool', tool_call_id: id, content: result },
  ];
}
const same = (): ChatMessage[] => turn('f', '{"a":1,"b":2}', 'no');
const user: ChatMessage = { role: 'user', content: 'go' };

test.each<[string, ChatMessage[], number]>([
  ['never', [user], 0],
  ['once', [user, ...same()], 1],
  ['three times', [user, ...same(), ...same(), ...same()], 3],
  ['with its names in another order', [...same(), ...turn('f', '{ "b": 2, "a": 1 }', 'no')], 2],
  ['with another result before', [...turn('f', '{"a":1,"b":2}', 'yes'), ...same()], 1],
  ['with another call between', [...same(), ...turn('g', '{}', ''), ...same()], 1],
  ['before the user spoke', [...same(), user], 0],
  ['with another argument', [...turn('f', '{"a":2}', 'no')], 0],
])('%s', (_, messages, times) => {
  expect(timesRepeated(messages, 'f', '{"a":1,"b":2}')).toBe(times);
});
