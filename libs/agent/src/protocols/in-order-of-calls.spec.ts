import type { ChatMessage } from '@libs/llm';
import { inOrderOfCalls } from './in-order-of-calls.js';

const calling = (...ids: string[]): ChatMessage => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
});
const result = (id: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content: id });
const user: ChatMessage = { role: 'user', content: 'q' };

test.each<[string, ChatMessage[], ChatMessage[]]>([
  [
    'in order',
    [user, calling('a', 'b'), result('a'), result('b')],
    [user, calling('a', 'b'), result('a'), result('b')],
  ],
  ['swapped', [calling('a', 'b'), result('b'), result('a'), user], [calling('a', 'b'), result('a'), result('b'), user]],
  [
    'of two turns',
    [calling('a'), result('a'), calling('b', 'c'), result('c'), result('b')],
    [calling('a'), result('a'), calling('b', 'c'), result('b'), result('c')],
  ],
  ['of no call', [calling('a'), result('x'), result('a')], [calling('a'), result('a'), result('x')]],
])('results %s', (_title, messages, expected) => {
  expect(inOrderOfCalls(messages)).toEqual(expected);
});
