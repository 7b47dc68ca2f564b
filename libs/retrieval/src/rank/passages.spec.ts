import { PassageFinder } from './passages.js';
import { decodeSketch, encodeSketch, hashOf, SketchBuilder, type Sketch } from './sketch.js';
import { visitWords } from './words/index.js';

function sketchOf(text: string): Sketch {
  const builder = new SketchBuilder();
  visitWords(text, (term, start) => builder.add(hashOf(term), start));
  return builder.build();
}

describe('sketches', () => {
  it.each([0, 1, 15, 16, 17, 32, 33, 350])('of %d terms are read as they were written', (count) => {
    const sketch = sketchOf(Array.from({ length: count }, (_, index) => `word${index}`).join(' '));
    expect(sketch.hashes).toHaveLength(count);
    expect(decodeSketch(encodeSketch(sketch))).toEqual(sketch);
  });
});

describe('PassageFinder', () => {
  const filler = Array.from({ length: 100 }, (_, index) => `filler${index}`).join(' ');
  const query = { terms: ['tax', 'ship'], rarities: [3, 1], most: 4 };
  const finder = new PassageFinder(query);
  const best = (text: string): number =>
    Math.max(0, ...finder.find(sketchOf(text), text.length).map(({ score }) => score));

  it.each([
    ['together', `${filler} tax ship ${filler}`, 1],
    ['far apart: the rarer', `tax ${filler} ship`, 0.75],
    ['a word said twice counts once', 'tax tax tax', 0.75],
    ['neither', filler, 0],
    ['no text', '', 0],
  ])('%s', (_, text, expected) => {
    expect(best(text)).toBeCloseTo(expected);
  });

  it('says where in the text they are', () => {
    const text = `${filler} tax ship ${filler}`;
    const found = finder.find(sketchOf(text), text.length).filter(({ score }) => score === 1);
    expect(found.length).toBeGreaterThan(0);
    for (const { start, end } of found) expect(text.slice(start, end)).toContain('tax ship');
  });
});
