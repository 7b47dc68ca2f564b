import { afterAll, describe, expect, it } from '@jest/globals';
import { splitForCounting } from './split-text.js';
import { O200kTokenCounter } from './token-counter.js';

describe('O200kTokenCounter', () => {
  const counter = new O200kTokenCounter();
  afterAll(() => counter.close());

  it.each([
    ['', 0],
    ['hello world', 2],
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['<|endoftext|>', 7],
  ])('counts %j as the encoding does', async (text, tokens) => {
    expect(await counter.count(text)).toBe(tokens);
  });

  it('counts texts of several callers at once', async () => {
    const counts = await Promise.all(Array.from({ length: 50 }, (_, words) => counter.count(' word'.repeat(words))));
    expect(counts).toEqual(Array.from({ length: 50 }, (_, words) => words));
  });

  it('goes on after it was closed', async () => {
    await counter.close();
    expect(await counter.count('hello world')).toBe(2);
  });
});

describe('splitForCounting', () => {
  it('loses nothing of an ordinary text', () => {
    const text = 'Some words, and more. '.repeat(1000);
    expect(splitForCounting(text).join('')).toBe(text);
  });

  it('leaves no long word in a hostile text', () => {
    const pieces = splitForCounting('a'.repeat(100_000));
    expect(Math.max(...pieces.flatMap((piece) => piece.split(' ')).map((word) => word.length))).toBeLessThanOrEqual(64);
  });
});
