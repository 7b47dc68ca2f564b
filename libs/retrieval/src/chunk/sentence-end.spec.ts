import { describe, expect, it } from '@jest/globals';
import { isSentenceEnd } from './sentence-end.js';

describe('isSentenceEnd', () => {
  it.each([
    ['It ends.| It begins.', true],
    ['Does it?| Yes.', true],
    ['He said "no."| Then he left.', true],
    ['(It was so.)| Then', true],
    ['漢字。|仮名', true],
    ['Dr.| Smith', false],
    ['see e.g.| the table', false],
    ['by J.| Doe', false],
    ['version 3.|14', false],
    ['and so on.| then more', false],
    ['no end| here', false],
    ['site.|com', false],
  ])('%s', (marked, expected) => {
    expect(isSentenceEnd(marked.replace('|', ''), marked.indexOf('|'))).toBe(expected);
  });
});
