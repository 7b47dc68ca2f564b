import { wellFormed } from './well-formed.js';

test.each([
  ['plain', 'plain'],
  ['whole 😀', 'whole 😀'],
  ['begun \ud83d', 'begun \ufffd'],
  ['\ude00 ended', '\ufffd ended'],
  ['\ude00\ud83d swapped', '\ufffd\ufffd swapped'],
])('%j', (text, expected) => {
  expect(wellFormed(text)).toBe(expected);
});
