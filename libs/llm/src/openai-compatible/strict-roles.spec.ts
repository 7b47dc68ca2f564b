import type { ChatMessage } from '../ports/chat-model.js';
import { toRoles, type Roles } from './strict-roles.js';

const say = (role: 'system' | 'developer' | 'user' | 'assistant', content: string): ChatMessage => ({ role, content });
const calling: ChatMessage = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
};
const result: ChatMessage = { role: 'tool', tool_call_id: 'c', content: 'found' };
const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,AAAA' } };

describe('the roles of a conversation', () => {
  test.each<[string, Roles, ChatMessage[], ChatMessage[]]>([
    ['stay as they are', 'any', [say('user', 'a'), say('user', 'b')], [say('user', 'a'), say('user', 'b')]],
    ['users in a row are one', 'alternating', [say('user', 'a'), say('user', 'b')], [say('user', 'a\n\nb')]],
    [
      'what the system says anywhere stands first, once',
      'alternating',
      [say('system', 'a'), say('user', 'q'), say('assistant', 'r'), say('developer', 'b'), say('user', 's')],
      [say('system', 'a\n\nb'), say('user', 'q'), say('assistant', 'r'), say('user', 's')],
    ],
    [
      'what the system says in parts is text',
      'alternating',
      [{ role: 'system', content: [{ type: 'text', text: 'a' }] }, say('user', 'q')],
      [say('system', 'a'), say('user', 'q')],
    ],
    [
      'an image stays in its message',
      'alternating',
      [say('user', 'look'), { role: 'user', content: [image] }],
      [{ role: 'user', content: [{ type: 'text', text: 'look' }, image] }],
    ],
    [
      'an assistant that says something and then calls does both in one turn',
      'alternating',
      [say('user', 'q'), say('assistant', 'I look.'), calling, result],
      [say('user', 'q'), { ...calling, content: 'I look.' }, result],
    ],
    [
      'calls are never joined: each result follows its own',
      'alternating',
      [say('user', 'q'), calling, result, calling, result],
      [say('user', 'q'), calling, result, calling, result],
    ],
    [
      'a user who speaks after a tool is answered before',
      'alternating',
      [say('user', 'q'), calling, result, say('user', 'now answer')],
      [say('user', 'q'), calling, result, say('assistant', '…'), say('user', 'now answer')],
    ],
    [
      'an assistant does not begin',
      'alternating',
      [say('system', 's'), say('assistant', 'Hello!'), say('user', 'q')],
      [say('system', 's'), say('user', '…'), say('assistant', 'Hello!'), say('user', 'q')],
    ],
    [
      'the user says what the system may not',
      'without-system',
      [say('system', 's'), say('user', 'q')],
      [say('user', 's\n\nq')],
    ],
    ['nobody but the system speaks', 'without-system', [say('system', 's')], [say('user', 's')]],
    [
      "a role of the model's own is left alone",
      'without-system',
      [say('user', 'q'), say('assistant', '<Code>'), { role: 'execute', content: '1' } as unknown as ChatMessage],
      [say('user', 'q'), say('assistant', '<Code>'), { role: 'execute', content: '1' } as unknown as ChatMessage],
    ],
  ])('%s (%s)', (_title, roles, messages, expected) => {
    expect(toRoles(messages, roles)).toEqual(expected);
  });
});
