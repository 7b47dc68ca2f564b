import { CodeTracker } from './code-tracker.js';

function after(pieces: readonly string[]): string {
  const tracker = new CodeTracker();
  for (const piece of pieces) tracker.push(piece);
  const { isCode, isFenced, isInSpan } = tracker.copy();
  return [isCode && 'code', isFenced && 'fenced', isInSpan && 'span'].filter(Boolean).join(' ');
}

describe('CodeTracker', () => {
  it.each([
    ['nothing', '', ''],
    ['text', 'It is so.\nAnd so ', ''],
    ['an open span', 'See `a', 'code span'],
    ['a closed span', 'See `a` and ', ''],
    ['a span that ends with its line', 'See `a\nand ', ''],
    ['the line of a fence', 'So:\n```py', 'fenced'],
    ['a block', '```py\nx = ', 'code fenced'],
    ['a block in a list', '- a:\n   ```\nx', 'code fenced'],
    ['behind a block', '```\nx\n```\nand ', ''],
    ['a block of tildes', '~~~\nx', 'code fenced'],
    ['behind a block of tildes', '~~~\nx\n~~~\nand ', ''],
    ['a fence of the other kind inside', '```\n~~~\nx', 'code fenced'],
    ['behind a fence of the other kind', '```\n~~~\n```\nand ', ''],
    ['backticks in the middle of a line', 'a ``` b', 'code span'],
  ])('knows %s', (_, text, expected) => {
    expect(after([text])).toBe(expected);
    expect(after([...text])).toBe(expected);
  });

  it('does not hear what its copy is fed', () => {
    const tracker = new CodeTracker();
    tracker.copy().push('```\n');
    expect(tracker.isCode).toBe(false);
  });
});
