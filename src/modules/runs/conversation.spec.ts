import type { WireMessageContent } from '@libs/openai-wire';
import { aCall, aMessage, aStep } from '../../../test/builders/run-records.js';
import { textOf, toConversation } from './conversation.js';

const textPart = (value: string): WireMessageContent => ({ type: 'text', text: { value, annotations: [] } });
const image: WireMessageContent = { type: 'image_file', image_file: { file_id: 'file-i', detail: 'low' } };

describe('the text of a message', () => {
  test.each<[string, WireMessageContent[], string]>([
    ['nothing', [], ''],
    ['several parts', [textPart('a'), textPart(''), textPart('b')], 'a\nb'],
    ['a refusal', [{ type: 'refusal', refusal: 'no' }], 'no'],
    ['an image', [image, textPart('a')], '[image file-i]\na'],
    ['an image on the web', [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }], '[image https://x/y.png]'],
    ['an image in the message', [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }], '[image]'],
  ])('%s', (_, content, text) => {
    expect(textOf(content)).toBe(text);
  });
});

describe('the conversation', () => {
  const question = aMessage({ id: 'm1', content: [textPart('hi')] });
  const answer = aMessage({ id: 'm2', role: 'assistant', content: [textPart('hello')] });

  test('instructions first, then the messages; what has no text is left out', () => {
    const { messages } = toConversation('Be kind.', [question, answer, aMessage({ id: 'm3', content: [] })], []);
    expect(messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
    ]);
  });

  test('without instructions there is no system message', () => {
    expect(toConversation('', [question], []).messages).toEqual([{ role: 'user', content: 'hi' }]);
  });

  test('all but the newest message of the thread may be left out; never instructions or own turns', () => {
    const own = aMessage({ id: 'm9', role: 'assistant', content: [textPart('own')] });
    const steps = [aStep({ type: 'message_creation', messageId: 'm9' })];
    const { messages, droppable } = toConversation('Be kind.', [question, answer, own], steps);
    expect([...droppable]).toEqual([{ role: 'user', content: 'hi' }]);
    expect(messages.filter((message) => droppable.has(message))).toHaveLength(1);
  });

  test("a user's images are shown where the model sees, an assistant's are mentioned", () => {
    const images = new Map([[image, 'data:image/png;base64,AA']]);
    const given = [aMessage({ content: [textPart('look'), image] }), aMessage({ role: 'assistant', content: [image] })];
    expect(toConversation('', given, [], images).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
        ],
      },
      { role: 'assistant', content: '[image file-i]' },
    ]);
  });
});

describe('what the run itself did before', () => {
  const question = aMessage({ id: 'm1', content: [textPart('hi')] });
  const lead = aMessage({ id: 'm2', role: 'assistant', runId: 'run_1', content: [textPart('Let me see.')] });
  const leadStep = aStep({ type: 'message_creation', messageId: 'm2' });
  const call = { id: 'call_1', type: 'function', function: { name: 'code_interpreter', arguments: '{"code":"1"}' } };
  const user = { role: 'user', content: 'hi' };

  test('leading text and calls are one turn, followed by the results', () => {
    const steps = [
      leadStep,
      aStep({ toolCalls: [aCall(), aCall({ id: 'call_2', kind: 'function', name: 'f', result: null })] }),
    ];
    expect(toConversation('', [question, lead], steps).messages).toEqual([
      user,
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [call, { id: 'call_2', type: 'function', function: { name: 'f', arguments: '{"code":"1"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
      { role: 'tool', tool_call_id: 'call_2', content: '' },
    ]);
  });

  test('calls without leading text have null content; text after them stands for itself', () => {
    const steps = [aStep({ toolCalls: [aCall()] }), leadStep];
    expect(toConversation('', [question, lead], steps).messages.slice(1)).toEqual([
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
      { role: 'assistant', content: 'Let me see.' },
    ]);
  });

  test.each(['failed', 'in_progress', 'cancelled', 'expired'] as const)('a step that is %s is left out', (status) => {
    const steps = [aStep({ ...leadStep, status }), aStep({ status, toolCalls: [aCall()] })];
    expect(toConversation('', [question, lead], steps).messages).toEqual([user]);
  });
});
