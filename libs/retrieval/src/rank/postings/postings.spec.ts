import { impactOf, rarityOf } from './impact.js';
import { PostingsBuilder } from './postings-builder.js';
import { encodeRun, readPostings, withoutRanges } from './postings.js';

function read(...pieces: Uint8Array[]): number[] {
  const { chunks, impacts } = readPostings(Buffer.concat(pieces));
  return [...chunks].flatMap((chunk, index) => [chunk, impacts[index] ?? 0]);
}

describe('runs of postings', () => {
  it.each<[string, number, number[]]>([
    ['one entry', 0, [0, 1]],
    ['far apart', 5, [5, 255, 6, 1, 200, 7, 100_000, 128]],
    ['large numbers', 2_000_000_000, [2_000_000_000, 3, 2_100_000_000, 4]],
    ['none', 7, []],
  ])('are read as they were written: %s', (_, base, entries) => {
    expect(read(encodeRun(base, entries))).toEqual(entries);
  });

  const first = encodeRun(0, [0, 9, 4, 9]);
  const second = encodeRun(10, [12, 8]);
  const third = encodeRun(300, [300, 7, 301, 7]);

  const joined = [0, 9, 4, 9, 12, 8, 300, 7, 301, 7];

  it.each<[string, Uint8Array[]]>([
    ['by concatenation', [Buffer.concat([first, second, third])]],
    ['in any order', [Buffer.concat([third, first, second])]],
    ['in several pieces', [third, first, second]],
    ['one in the middle of another', [encodeRun(0, [0, 9, 301, 7]), encodeRun(2, [4, 9, 12, 8, 300, 7])]],
    ['impacts of any size', [encodeRun(9, [12, 8]), encodeRun(1, [4, 9]), encodeRun(0, [0, 9]), third]],
  ])('join: %s', (_, pieces) => {
    expect(read(...pieces)).toEqual(joined);
  });

  it.each<[string, { start: number; end: number }[], number[] | null]>([
    ['one in the middle', [{ start: 10, end: 20 }], [0, 9, 4, 9, 300, 7, 301, 7]],
    ['the end is exclusive', [{ start: 5, end: 10 }], null],
    [
      'several',
      [
        { start: 0, end: 1 },
        { start: 300, end: 400 },
      ],
      [12, 8],
    ],
    ['all', [{ start: 0, end: 1000 }], []],
    ['no range', [], null],
  ])('leave out files: %s', (_, ranges, expected) => {
    const left = withoutRanges(Buffer.concat([first, second, third]), ranges);
    expect(left === null ? null : read(left)).toEqual(expected);
  });

  it('end where the bytes are cut off', () => {
    expect(() => read(third.subarray(0, -1))).not.toThrow();
  });
});

describe('impactOf', () => {
  it('rises with the count, ever less, and falls with the length', () => {
    const byCount = [1, 2, 3, 10, 100].map((count) => impactOf(count, 300));
    const steps = byCount.slice(1).map((value, index) => value - (byCount[index] ?? 0));
    expect(steps.every((step) => step > 0)).toBe(true);
    expect([...steps.slice(0, 2)].sort((one, other) => other - one)).toEqual(steps.slice(0, 2));
    expect(impactOf(1, 600)).toBeLessThan(impactOf(1, 300));
    expect(impactOf(1, 1_000_000)).toBe(1);
    expect(impactOf(1_000_000, 1)).toBeLessThanOrEqual(255);
  });
});

describe('rarityOf', () => {
  it('falls the more chunks have the term, and is never negative', () => {
    const values = [0, 1, 50, 100].map((holders) => rarityOf(holders, 100));
    expect([...values].sort((one, other) => other - one)).toEqual(values);
    expect(rarityOf(100, 100)).toBeGreaterThan(0);
    expect(rarityOf(5, 0)).toBeGreaterThan(0);
  });
});

describe('PostingsBuilder', () => {
  it('keeps the text and its surroundings apart', () => {
    const builder = new PostingsBuilder(100);
    builder.add(100, 'Taxes rise. The tax is new.', ['Tax report.pdf', 'Introduction']);
    builder.add(103, 'Nothing else rises.', []);
    const postings = new Map(builder.build().map(({ term, data }) => [term, read(data)]));
    expect(postings.get('rise')?.filter((_, index) => index % 2 === 0)).toEqual([100, 103]);
    expect(postings.get('tax')).toHaveLength(2);
    expect([...postings.keys()].filter((term) => term.startsWith('#'))).toEqual([
      '#tax',
      '#report',
      '#pdf',
      '#introduct',
    ]);
  });
});
