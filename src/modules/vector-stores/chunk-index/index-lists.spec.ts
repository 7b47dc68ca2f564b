import { hasOutgrown, listsFor } from './index-lists.js';

test.each([
  [0, 1],
  [1000, 1],
  [1001, 2],
  [100_000, 100],
])('%i vectors lie in %i lists', (vectors, lists) => {
  expect(listsFor(vectors)).toBe(lists);
});

test.each([
  [10, 10_000, false],
  [10, 20_000, false],
  [10, 20_001, true],
  [10, 5000, false],
  [10, 4000, true],
  [1, 0, false],
])('an index of %i lists over %i vectors: outgrown %j', (lists, vectors, expected) => {
  expect(hasOutgrown(lists, vectors)).toBe(expected);
});
