import { lexicalRelevance, select, type Candidate } from './selection.js';

function candidate(start: number, score: number, passages: [number, number, number][] = [], file = 'a'): Candidate {
  const listed = passages.map(([from, end, worth]) => ({ start: from, end, score: worth }));
  return { file, start, end: start + 100, score, passages: listed };
}

describe('select', () => {
  it.each<[string, Candidate[], number, number[]]>([
    ['by score where nothing overlaps', [candidate(0, 0.5), candidate(100, 0.9), candidate(200, 0.7)], 2, [100, 200]],
    [
      'a repetition comes after what is new',
      [candidate(0, 0.9, [[60, 90, 1]]), candidate(50, 0.85, [[60, 90, 1]]), candidate(300, 0.5, [[310, 320, 0.5]])],
      3,
      [0, 300, 50],
    ],
    [
      'the passage decides between equals',
      [candidate(0, 0.5, [[0, 9, 0.2]]), candidate(100, 0.5, [[110, 119, 0.9]])],
      1,
      [100],
    ],
    ['nothing', [], 5, []],
  ])('%s', (_, candidates, count, expected) => {
    expect(select(candidates, count).map(({ start }) => start)).toEqual(expected);
  });

  it('shows equal places of different files', () => {
    expect(select([candidate(0, 0.9), candidate(0, 0.8, [], 'b')], 5)).toHaveLength(2);
  });

  it('leaves out what lies wholly in another result', () => {
    const inner = { ...candidate(20, 0.5), end: 80 };
    expect(select([candidate(0, 0.9), inner], 5)).toHaveLength(1);
  });
});

describe('lexicalRelevance', () => {
  it('is the whole of what could be had at most', () => {
    expect(lexicalRelevance(1, [{ start: 0, end: 9, score: 1 }])).toBe(1);
    expect(lexicalRelevance(0, [])).toBe(0);
  });
});
