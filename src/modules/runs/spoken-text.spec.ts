import { withoutCitations } from './spoken-text.js';

const TOKEN = '【0:0†a.txt】';

const citation = (start_index: number) => ({
  type: 'file_citation' as const,
  text: TOKEN,
  start_index,
  end_index: start_index + TOKEN.length,
  file_citation: { file_id: 'file-a' },
});

test.each([
  ['no citation', 'Cake.', [], 'Cake.'],
  ['several', `A${TOKEN}, b${TOKEN}.`, [citation(1), citation(1 + TOKEN.length + 3)], 'A, b.'],
  ['one after an emoji', `🍰${TOKEN}.`, [citation(1)], '🍰.'],
  ['what only looks like one', `A${TOKEN}.`, [], `A${TOKEN}.`],
])('%s', (_, value, annotations, expected) => {
  expect(withoutCitations({ value, annotations })).toBe(expected);
});
