import { afterAll, describe, expect, it } from '@jest/globals';
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { O200kTokenCounter } from './token-counter.js';

const counter = new O200kTokenCounter();
afterAll(() => counter.close());

const LONE_SURROGATE = /\p{Surrogate}/u;

const TEXTS = [
  'The quick brown fox jumps over the lazy dog.',
  '<|endoftext|>',
  'Für größere Übungen: naïve façade, Привет мир, 日本語のテキストです。',
  '👩‍👩‍👧 emoji and 𝒳𝓎 beyond the basic plane',
  'const a = (b) => {\n\treturn b?.c ?? 42; // 1234567\n};\n\n\n',
  '   leading and trailing   \r\n\r\n',
  '\u0001\u0002 control \u200b characters',
];

describe('count', () => {
  const encoder = new Tiktoken(o200k);
  const reference = (text: string): number => encoder.encode(text, [], []).length;

  it.each(TEXTS)("gives js-tiktoken's figure for %j", async (text) => {
    expect(await counter.count(text)).toBe(reference(text));
  });

  it('gives 0 for nothing', async () => {
    expect(await counter.count('')).toBe(0);
  });

  it('keeps no process alive that waits for no figure', async () => {
    await counter.count(' word');
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort');
  });

  it('is off by less than a thousandth for a long text', async () => {
    const text = TEXTS.join(' ').repeat(800);
    const expected = reference(text);
    expect(Math.abs((await counter.count(text)) - expected)).toBeLessThan(expected / 1000);
  });

  it('counts texts of several callers at once', async () => {
    const counts = await Promise.all(Array.from({ length: 50 }, (_, words) => counter.count(' word'.repeat(words))));
    expect(counts).toEqual(Array.from({ length: 50 }, (_, words) => words));
  });

  it.each([
    ['one word', 'a'.repeat(2_000_000)],
    ['one word of capitals', 'A'.repeat(2_000_000)],
    ['white space', ' '.repeat(2_000_000)],
    ['pairs of surrogates', '𝒳'.repeat(500_000)],
    ['different words of one letter each', 'a.'.repeat(500_000)],
  ])('takes a hostile text that is %s', async (_, text) => {
    expect(await counter.count(text)).toBeGreaterThan(10_000);
  });
});

describe('measure', () => {
  it.each([...TEXTS, TEXTS.join('').repeat(500), '𝒳'.repeat(50_000), 'x𝒳'.repeat(50_000)].map((text) => [text]))(
    'covers the text with short pieces and parts no surrogate pair',
    async (text) => {
      const { ends } = await counter.measure(text);
      expect(ends.at(-1)).toBe(text.length);
      let start = 0;
      for (const end of ends) {
        const piece = text.slice(start, end);
        if (piece === '' || piece.length > 33 || LONE_SURROGATE.test(piece)) throw new Error(`Piece ${start}-${end}`);
        start = end;
      }
    },
  );
});

it('goes on after it was closed', async () => {
  await counter.close();
  expect(await counter.count('hello world')).toBe(2);
});
