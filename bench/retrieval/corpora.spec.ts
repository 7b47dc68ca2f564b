import type { SearchHit } from '@libs/retrieval';
import { recallOf } from './corpora.js';

describe('recallOf', () => {
  const hit = (start: number, end: number, fileId = 'a') => ({ fileId, chunk: { start, end } }) as SearchHit;
  const references = [
    { start_index: 10, end_index: 20 },
    { start_index: 100, end_index: 110 },
  ];

  it.each<[string, SearchHit[], number]>([
    ['nothing', [], 0],
    ['everything', [hit(0, 200)], 1],
    ['one of two', [hit(0, 50)], 0.5],
    ['what two hits show counts once', [hit(10, 20), hit(12, 20)], 0.5],
    ['a part', [hit(15, 105)], 0.5],
    ['the same place of another corpus', [hit(0, 200, 'b')], 0],
  ])('%s', (_, hits, expected) => {
    expect(recallOf({ corpus: 'a', question: '', references }, hits)).toBe(expected);
  });
});
