import type { Chunk } from '../ports/chunk.js';

/**
 * A chunk together with those around it. Where they overlap the text is there once; where only white space lay between
 * them, a line break stands for it.
 *
 * @param neighbours of the same document, in any order; those that do not touch a row of chunks with this one are left out
 */
export function joinNeighbours(chunk: Chunk, neighbours: readonly Chunk[]): Chunk {
  const byIndex = new Map(neighbours.map((neighbour) => [neighbour.index, neighbour]));
  let joined = chunk;
  for (let index = chunk.index - 1; byIndex.has(index); index -= 1) {
    joined = append(byIndex.get(index) ?? joined, joined);
  }
  for (let index = chunk.index + 1; byIndex.has(index); index += 1) {
    joined = append(joined, byIndex.get(index) ?? joined);
  }
  return { ...joined, index: chunk.index };
}

function append(first: Chunk, second: Chunk): Chunk {
  if (second.end <= first.end) return first;
  const shared = Math.max(0, first.end - second.start);
  const between = second.start > first.end ? '\n' : '';
  const added = second.text.slice(shared);
  const share = added.length / Math.max(1, second.text.length);
  return {
    ...first,
    text: first.text + between + added,
    end: second.end,
    tokens: first.tokens + Math.ceil(second.tokens * share),
  };
}
