import { answerFromSources } from './search-answer.js';

const source = (number: number, text: string): string => `<source number="${number}" file="a.txt">\n${text}\n</source>`;

test('quotes the sentences that fit best, and cites them', () => {
  const report = [
    source(1, 'The garden is green. The warranty of the pump lasts five years. Call us.'),
    source(2, 'Pumps are blue.\nNothing else.'),
    source(3, 'Of trees.'),
  ].join('\n\n');
  expect(answerFromSources('How long does the warranty of pumps last?', report)).toBe(
    'The documents say:\n\n> The warranty of the pump lasts five years. [[1]]\n\n> Pumps are blue. [[2]]',
  );
});

test('the same sentence is quoted once', () => {
  const report = [source(1, 'Cake is good.'), source(2, 'Cake is good.')].join('\n\n');
  expect(answerFromSources('cake', report)).toBe('The documents say:\n\n> Cake is good. [[1]]');
});

test('where no word is in common, the first source has the word', () => {
  expect(answerFromSources('zebra', source(4, 'Cake is good. Bread is, too.'))).toBe(
    'The documents say:\n\n> Cake is good. [[4]]',
  );
});

test('citations in a document are not those of the answer', () => {
  expect(answerFromSources('cake', source(1, 'Cake is good.[3] So [[2]] they say【0:1†x】.'))).toContain(
    '> Cake is good.',
  );
});

test.each(['', 'No passage fits.', '<source number="x">\na\n</source>'])('%j has no source', (report) => {
  expect(answerFromSources('cake', report)).toBeNull();
});
