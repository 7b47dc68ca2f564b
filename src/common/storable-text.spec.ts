import { toStorable } from './storable-text.js';

test.each([
  ['plain text', 'plain text'],
  ['a\0b', 'a\ufffdb'],
  ['\ud800', '\ufffd'],
  ['\udc00\ud800', '\ufffd\ufffd'],
  ['whole 😀', 'whole 😀'],
  ['\ud83d\ud83d\ude00', '\ufffd😀'],
])('%j is kept as %j, at the same length', (value, kept) => {
  expect(toStorable(value)).toBe(kept);
  expect(kept).toHaveLength(value.length);
});

test('whatever else there is stays; what is given is not changed', () => {
  const value = { a: ['\0', 1, null, true, undefined], b: { c: '\0' } };
  expect(toStorable(value)).toEqual({ a: ['\ufffd', 1, null, true, undefined], b: { c: '\ufffd' } });
  expect(value.b.c).toBe('\0');
});
