import { gatherMetadata } from './metadata-query.pipe.js';
import { pageOfMessages, toStoredMessages } from './stored-messages.js';

const parts = [
  { type: 'text', text: 'Look: ' },
  { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
  { type: 'text', text: 'there.' },
];

describe('toStoredMessages', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['text', { role: 'user', content: 'Hi' }, { content: 'Hi', content_parts: null, name: null, refusal: null }],
    ['parts', { role: 'user', content: parts }, { content: 'Look: there.', content_parts: parts }],
    ['pictures alone', { role: 'user', content: [parts[1]] }, { content: null, content_parts: [parts[1]] }],
    ['no content', { role: 'assistant', tool_calls: [{ id: 'c' }] }, { content: null, tool_calls: [{ id: 'c' }] }],
    ['a name', { role: 'user', content: '', name: 'al' }, { name: 'al', content: '' }],
    ['an id of its own', { role: 'user', content: '', id: 'x' }, { id: 'chatcmpl-1-0' }],
  ])('shows a message with %s', (_, message, expected) => {
    expect(toStoredMessages('chatcmpl-1', [message])[0]).toMatchObject(expected);
  });
});

describe('pageOfMessages', () => {
  const messages = toStoredMessages(
    'c',
    ['a', 'b', 'c'].map((content) => ({ role: 'user', content })),
  );

  it.each<['asc' | 'desc', number, string | undefined, string[], boolean]>([
    ['asc', 2, undefined, ['c-0', 'c-1'], true],
    ['asc', 3, undefined, ['c-0', 'c-1', 'c-2'], false],
    ['asc', 2, 'c-1', ['c-2'], false],
    ['desc', 1, undefined, ['c-2'], true],
    ['desc', 2, 'c-2', ['c-1', 'c-0'], false],
    ['asc', 2, 'c-2', [], false],
  ])('%s by %d after %s', (order, limit, after, ids, hasMore) => {
    const page = pageOfMessages(messages, { order, limit, ...(after === undefined ? {} : { after }) });
    expect(page).toEqual({ items: ids.map((id) => expect.objectContaining({ id })), hasMore });
  });

  it('refuses a cursor that names no message', () => {
    expect(() => pageOfMessages(messages, { order: 'asc', limit: 1, after: 'd-0' })).toThrow("Invalid 'after'");
  });
});

describe('gatherMetadata', () => {
  it.each([
    [{ limit: '1' }, { limit: '1' }],
    [
      { 'metadata[a]': '1', 'metadata[b c]': '2', order: 'asc' },
      { order: 'asc', metadata: { a: '1', 'b c': '2' } },
    ],
    [{ 'metadata[a]': ['1', '2'] }, { metadata: { a: ['1', '2'] } }],
    [{ 'metadata[a]b': '1' }, { 'metadata[a]b': '1' }],
    [{ metadata: 'x' }, { metadata: 'x' }],
  ])('%j becomes %j', (query, expected) => {
    expect(gatherMetadata(query)).toEqual(expected);
  });

  it('takes no key for a prototype', () => {
    const { metadata } = gatherMetadata({ 'metadata[__proto__]': 'x' });
    expect(Object.entries(metadata as object)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  });
});
