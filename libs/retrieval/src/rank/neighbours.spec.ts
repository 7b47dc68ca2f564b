import type { Chunk } from '../ports/chunk.js';
import { joinNeighbours } from './neighbours.js';

const DOCUMENT = 'One two three. Four five six. Seven eight nine.';

function chunk(index: number, start: number, end: number): Chunk {
  return { index, text: DOCUMENT.slice(start, end), start, end, tokens: 10, page: index, headings: [] };
}

describe('joinNeighbours', () => {
  it.each<[string, Chunk, Chunk[], string]>([
    ['none', chunk(1, 4, 13), [], 'two three'],
    ['overlapping on both sides', chunk(1, 10, 30), [chunk(2, 20, 47), chunk(0, 0, 15)], DOCUMENT],
    ['white space between them', chunk(0, 0, 14), [chunk(1, 15, 29)], 'One two three.\nFour five six.'],
    ['one that is not next to it', chunk(0, 0, 14), [chunk(2, 30, 47)], 'One two three.'],
    ['one inside it', chunk(0, 0, 29), [chunk(1, 15, 29)], 'One two three. Four five six.'],
  ])('%s', (_, middle, neighbours, expected) => {
    const joined = joinNeighbours(middle, neighbours);
    expect(joined.text).toBe(expected);
    expect(joined.index).toBe(middle.index);
    expect(joined.end - joined.start).toBe(expected.length);
  });

  it('begins on the page where its first chunk does, and counts shared tokens once', () => {
    const joined = joinNeighbours(chunk(1, 10, 30), [chunk(0, 0, 20)]);
    expect(joined).toMatchObject({ start: 0, end: 30, page: 0, tokens: 15 });
  });
});
