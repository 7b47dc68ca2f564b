import { LexicalRanking, type StorePostings } from './lexical.js';
import { readPostings } from './postings/postings.js';
import { PostingsBuilder } from './postings/postings-builder.js';
import { termsOf } from './words/index.js';

/** A store of one file for each text, one chunk each. */
function storeOf(texts: readonly string[], changes: Partial<StorePostings> = {}, name = ''): StorePostings {
  const pieces = new Map<string, Uint8Array[]>();
  texts.forEach((text, chunk) => {
    const builder = new PostingsBuilder(chunk);
    builder.add(chunk, text, [`${name}${chunk}`]);
    for (const { term, data } of builder.build()) pieces.set(term, [...(pieces.get(term) ?? []), data]);
  });
  const postings = new Map(Array.from(pieces, ([term, data]) => [term, readPostings(Buffer.concat(data))]));
  return {
    ...{ store: 1, size: texts.length, chunks: texts.length, hidden: [], admitted: null, postings },
    ...changes,
  };
}

function ranked(stores: readonly StorePostings[], query: string, count = 10): number[] {
  return new LexicalRanking(stores).rank(termsOf(query), count).best.map(({ chunk }) => chunk);
}

const TEXTS = ['taxes on ships', 'ships, ships and ships', 'a tax', 'weather and ships', 'nothing of that'];

describe('LexicalRanking', () => {
  it.each<[string, string, number[]]>([
    ['more of the words come first, then the rarer word', 'tax on a ship', [0, 2, 1, 3]],
    ['no word is known', 'zebra', []],
    ['no words', '', []],
  ])('%s', (_, query, expected) => {
    expect(ranked([storeOf(TEXTS)], query)).toEqual(expected);
  });

  it('gives at most what is asked for', () => {
    expect(ranked([storeOf(TEXTS)], 'ship', 2)).toHaveLength(2);
  });

  it('finds by the name of the file what the text does not say', () => {
    expect(ranked([storeOf(['one', 'two'], {}, 'report of year ')], 'report 1 of the year')[0]).toBe(1);
  });

  it('gives shares of what could be had', () => {
    const { best } = new LexicalRanking([storeOf(TEXTS)]).rank(termsOf('tax ship'), 10);
    expect(best.every(({ score }) => score > 0 && score <= 1)).toBe(true);
    const { best: unknown } = new LexicalRanking([storeOf(TEXTS)]).rank(termsOf('tax ship zebra'), 10);
    expect(unknown[0]?.score).toBeLessThan(best[0]?.score ?? 0);
  });

  it('sees no hidden file, and counts it for nothing', () => {
    const hidden = [{ start: 1, end: 2 }];
    const scores = (store: StorePostings): number[] =>
      new LexicalRanking([store]).rank(termsOf('ship tax'), 10).best.map(({ score }) => score);
    const alone = storeOf(TEXTS.filter((_, index) => index !== 1));
    expect(scores(storeOf(TEXTS, { hidden, chunks: 4 }))).toEqual(scores(alone));
  });

  it('ranks what is left of a store that gave out many numbers as if it had given out few', () => {
    const place = (index: number): number => index * 400_000_000;
    const postings = new Map(
      Array.from(storeOf(TEXTS).postings, ([term, { chunks, impacts }]) => [
        term,
        { chunks: chunks.map(place), impacts },
      ]),
    );
    const at = (index: number): { start: number; end: number } => ({ start: place(index), end: place(index) + 1 });
    const near = (index: number): { start: number; end: number } => ({ start: index, end: index + 1 });
    for (const [hidden, admitted, size] of [
      [[], null, TEXTS.length],
      [[3, 1], null, TEXTS.length],
      [[1], [2, 0, 1], TEXTS.length],
      [[], [3], 3],
    ] as const) {
      const common = { chunks: TEXTS.length - hidden.length };
      const few = { ...common, size, hidden: hidden.map(near), admitted: admitted?.map(near) ?? null };
      const many = {
        ...{ ...common, postings, size: place(size) },
        ...{ hidden: hidden.map(at), admitted: admitted?.map(at) ?? null },
      };
      const expected = new LexicalRanking([storeOf(TEXTS, few)]).rank(termsOf('ship tax 3'), 10);
      const { best, query } = new LexicalRanking([storeOf(TEXTS, many)]).rank(termsOf('ship tax 3'), 10);
      expect(best).toEqual(expected.best.map((each) => ({ ...each, chunk: place(each.chunk) })));
      expect(query).toEqual(expected.query);
    }
  });

  it('admits what the filter admits, and ranks it as it would without the filter', () => {
    const whole = new LexicalRanking([storeOf(TEXTS)]).rank(termsOf('ship'), 10).best;
    const some = storeOf(TEXTS, { admitted: [{ start: 3, end: 5 }] });
    expect(new LexicalRanking([some]).rank(termsOf('ship'), 10).best).toEqual(whole.filter(({ chunk }) => chunk === 3));
  });

  it('ranks several stores as one', () => {
    const one = storeOf(TEXTS.slice(0, 2));
    const other = { ...storeOf(TEXTS.slice(2)), store: 2 };
    const whole = new LexicalRanking([storeOf(TEXTS)]).rank(termsOf('tax ships'), 10).best;
    const parts = new LexicalRanking([one, other]).rank(termsOf('tax ships'), 10).best;
    const place = ({ store, chunk }: { store: number; chunk: number }): number => (store === 2 ? chunk + 2 : chunk);
    expect(parts.map(place)).toEqual(whole.map(({ chunk }) => chunk));
    expect(parts.map(({ score }) => score)).toEqual(whole.map(({ score }) => score));
  });

  it('passes over a chunk that was added after the store was looked up', () => {
    expect(ranked([storeOf(TEXTS, { size: 2, chunks: 2 })], 'ship')).toEqual([1, 0]);
  });
});
