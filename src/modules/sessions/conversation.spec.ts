import { joinConversation, splitInstructions, toSpokenAnswer } from './conversation.js';
import type { SessionMessage } from './sessions.types.js';

const system = (content: string): SessionMessage => ({ role: 'system', content });
const user = (content: string): SessionMessage => ({ role: 'user', content });
const says = (content: string | null): SessionMessage => ({ role: 'assistant', content });
const calls = (...ids: string[]): SessionMessage => ({ ...says(null), tool_calls: ids.map((id) => ({ id })) });
const result = (id: string): SessionMessage => ({ role: 'tool', tool_call_id: id, content: `of ${id}` });

describe('instructions', () => {
  const developer = { role: 'developer', content: 'd' };

  it.each<[SessionMessage[], number]>([
    [[user('a')], 0],
    [[system('s'), developer, user('a')], 2],
    [[system('s'), user('a'), system('t')], 1],
    [[system('s')], 1],
    [[], 0],
  ])('of %j are the first %i', (messages, count) => {
    expect(splitInstructions(messages)).toEqual({
      instructions: messages.slice(0, count),
      said: messages.slice(count),
    });
  });
});

describe('a conversation goes on', () => {
  const join = (instructions: SessionMessage[], before: SessionMessage[], asked: SessionMessage[]) =>
    joinConversation({ instructions, messages: before }, splitInstructions(asked)).messages;

  it.each<[string, SessionMessage[], SessionMessage[], SessionMessage[], SessionMessage[]]>([
    ['where nothing was said', [], [], [user('a')], [user('a')]],
    ['behind what was said', [], [user('a'), says('b')], [user('c')], [user('a'), says('b'), user('c')]],
    [
      'by its instructions',
      [system('s')],
      [user('a'), says('b')],
      [user('c')],
      [system('s'), user('a'), says('b'), user('c')],
    ],
    [
      'by new instructions alone',
      [system('old')],
      [user('a'), says('b')],
      [system('new'), user('c')],
      [system('new'), user('a'), says('b'), user('c')],
    ],
    [
      'from the first question that is known',
      [],
      [says('z'), user('a'), says('b')],
      [user('c')],
      [user('a'), says('b'), user('c')],
    ],
    [
      'with the results of its calls',
      [],
      [user('a'), calls('1', '2')],
      [result('2'), result('1')],
      [user('a'), calls('1', '2'), result('2'), result('1')],
    ],
    [
      'with calls that have results',
      [],
      [user('a'), calls('1'), result('1'), says('b')],
      [user('c')],
      [user('a'), calls('1'), result('1'), says('b'), user('c')],
    ],
    ['without calls that nobody answered', [], [user('a'), calls('1')], [user('c')], [user('a'), user('c')]],
    [
      'without some of the calls',
      [],
      [user('a'), calls('1', '2'), result('2')],
      [user('c')],
      [user('a'), calls('2'), result('2'), user('c')],
    ],
    [
      'with the words beside such calls',
      [],
      [user('a'), { ...calls('1'), content: 'I look.' }],
      [user('c')],
      [user('a'), says('I look.'), user('c')],
    ],
    [
      'without results of calls that are not known',
      [],
      [result('0'), calls('1'), result('1')],
      [user('c')],
      [calls('1'), result('1'), user('c')],
    ],
    [
      'with what the client itself says, whole or not',
      [],
      [user('a'), says('b')],
      [result('9')],
      [user('a'), says('b'), result('9')],
    ],
  ])('%s', (_, instructions, before, asked, expected) => {
    expect(join(instructions, before, asked)).toEqual(expected);
  });

  it('and may leave out plain messages of before, never calls, results or what is asked now', () => {
    const before = [user('a'), calls('1'), result('1'), says('b')];
    const { droppable } = joinConversation(
      { instructions: [system('s')], messages: before },
      splitInstructions([user('c')]),
    );
    expect([...droppable]).toEqual([user('a'), says('b')]);
  });
});

describe('what is kept of an answer', () => {
  const call = { id: '1', type: 'function', function: { name: 'f', arguments: '{}' } };

  it.each<[SessionMessage, SessionMessage]>([
    [{ role: 'assistant', content: 'b', refusal: null, reasoning_content: 'hm', tool_activity: [{}] }, says('b')],
    [{ role: 'assistant', content: null, refusal: 'No.' }, says('No.')],
    [
      { role: 'assistant', content: null, refusal: null, tool_calls: [call] },
      { ...says(null), tool_calls: [call] },
    ],
    [
      { role: 'assistant', content: 'I look.', tool_calls: [call] },
      { ...says('I look.'), tool_calls: [call] },
    ],
  ])('%j', (answer, expected) => {
    expect(toSpokenAnswer(answer)).toEqual(expected);
  });
});
