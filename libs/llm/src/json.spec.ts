import { toJson } from './json.js';

test.each<[unknown, unknown]>([
  [{ a: ['b', 1, null] }, { a: ['b', 1, null] }],
  [{ a: 'whole 😀' }, { a: 'whole 😀' }],
  [{ a: [{ b: 'begun \ud83d' }] }, { a: [{ b: 'begun \ufffd' }] }],
  [{ a: 'written \\ud83d' }, { a: 'written \\ud83d' }],
])('%j', (value, read) => {
  expect(JSON.parse(toJson(value))).toEqual(read);
});
