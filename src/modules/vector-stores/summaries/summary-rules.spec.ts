import type { ChunkIndex, SearchRequest } from '@libs/retrieval';
import { bestDocuments } from './best-documents.js';
import { SummaryIndex } from './summary-index.js';
import { MOST_PARTS, PART_CHARACTERS, partsOf, textOfChunks, toSummary } from './summary-text.js';
import { delayAfter } from './summary-tries.js';

const chunk = (start: number, text: string): { start: number; end: number; text: string } => ({
  ...{ start, text },
  end: start + text.length,
});

describe('the text of chunks', () => {
  it.each([
    ['that follow each other', [chunk(0, 'one '), chunk(4, 'two')], 'one two'],
    ['that overlap', [chunk(0, 'one two'), chunk(4, 'two three')], 'one two three'],
    ['with white space between them', [chunk(0, 'one'), chunk(9, 'two')], 'one\ntwo'],
    ['one within another', [chunk(0, 'one two'), chunk(4, 'two')], 'one two'],
    ['that are none', [], ''],
  ])('%s', (_, chunks, expected) => expect(textOfChunks(chunks)).toBe(expected));
});

describe('the parts of a document', () => {
  it.each([
    ['a short one is read at once', 'short', ['short']],
    ['an empty one has none', ' \n', []],
    ['lines stay whole', `${'a'.repeat(PART_CHARACTERS - 10)}\nbbb\nccc ccc ccc`, [PART_CHARACTERS - 6, 11]],
    ['one without lines is cut all the same', 'a'.repeat(PART_CHARACTERS + 5), [PART_CHARACTERS, 5]],
    ['a line end far before is no place to cut', `aa\n${'b'.repeat(PART_CHARACTERS)}`, [PART_CHARACTERS, 3]],
  ])('%s', (_, text, expected) => {
    const parts = partsOf(text);
    expect(parts.map((part, index) => (typeof expected[index] === 'string' ? part : part.length))).toEqual(expected);
  });

  it('are spread over a long one, its beginning and its end among them', () => {
    const text = Array.from({ length: 100 }, (_, index) => `${index} `.padEnd(PART_CHARACTERS, '.')).join('');
    const parts = partsOf(text);
    const read = parts.map((part) => Number.parseInt(part, 10));
    expect(read).toHaveLength(MOST_PARTS);
    expect([read[0], read.at(-1)]).toEqual([0, 99]);
    const steps = read.slice(1).map((part, index) => part - (read[index] ?? 0));
    expect([Math.min(...steps), Math.max(...steps)]).toEqual([6, 7]);
  });
});

describe('a summary', () => {
  it.each([
    ['is one paragraph', ' A letter.\n\n To Bern. ', 'A letter. To Bern.'],
    ['bears no title', 'Summary:\nA letter.', 'A letter.'],
    ['bears no title in Markdown', '**Summary**:\nA letter.', 'A letter.'],
    ['may begin with the word', 'Summary of sales in 2024.', 'Summary of sales in 2024.'],
    ['has no control characters and half characters', 'A\0letter\ud800', 'A letter\ufffd'],
    ['is cut after a word', `${'word '.repeat(400)}`, `${'word '.repeat(199)}word…`],
    ['is cut in a word that never ends', 'a'.repeat(2000), `${'a'.repeat(1000)}…`],
    ['may be nothing', ' \n', ''],
  ])('%s', (_, reply, expected) => expect(toSummary(reply)).toBe(expected));
});

describe('the documents to look at more closely', () => {
  const hits = (...scores: number[]): { fileId: string; score: number }[] =>
    scores.map((score, index) => ({ fileId: `${index}`, score }));
  it.each([
    ['none where none was found', [], []],
    ['those that are nearly as good as the best', hits(0.8, 0.4, 0.39), ['0', '1']],
    ['none that says nothing of the question', hits(0), []],
    ['ten at most', hits(...Array.from({ length: 12 }, () => 1)), '0123456789'.split('')],
  ])('%s', (_, found, expected) => expect(bestDocuments(found)).toEqual(expected));
});

it('a summary is tried for three quarters of an hour', () => {
  expect([1, 2, 3, 4, 5, 6].map(delayAfter)).toEqual([30_000, 120_000, 480_000, 1_920_000, null, null]);
});

it('summaries are found without the reranker: it is asked once a search, about the passages', async () => {
  const asked: SearchRequest[] = [];
  const index: Pick<ChunkIndex, 'search'> = {
    search: (_, request) => {
      asked.push(request);
      return Promise.resolve([]);
    },
  };
  const request = { queries: ['question'], limit: 5, ranker: 'llm' };
  await new SummaryIndex(index as ChunkIndex).find({ projectId: 'proj_1' }, ['vs'], request);
  expect(asked).toMatchObject([{ vectorStoreIds: ['vs/summaries'], queries: ['question'], ranker: 'none' }]);
});
