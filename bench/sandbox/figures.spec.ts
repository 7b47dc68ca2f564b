import { figuresOf, isReached, renderFigures, type Figure } from './figures.js';
import type { Measurement } from './measure.js';

function measurement(changes: Partial<Measurement['timings']> = {}): Measurement {
  return {
    timings: {
      bare: [10, 20, 30],
      coldTrivial: [30, 50, 40],
      coldPandas: [500],
      warmTrivial: [1, 2, 9],
      warmPandas: [16],
      nextCell: [0.5],
      ...changes,
    },
    sessionsPerSecond: 12,
    privateBytesPerKernel: 64 * 2 ** 20,
    modules: ['pandas'],
  };
}

function find(figures: readonly Figure[], name: string): Figure {
  const found = figures.find((figure) => figure.name === name);
  if (found === undefined) throw new Error(`There is no figure ${name}.`);
  return found;
}

describe('figuresOf', () => {
  it.each([
    ['first result, warm, trivial cell', 2, true],
    ['first result, warm, trivial cell, p95', 9, undefined],
    ['first result, warm, pandas cell', 16, false],
    ['cold by bare', 2, true],
    ['next cell', 0.5, true],
    ['cold sessions a second', 12, undefined],
    ['private memory of a warm kernel', 64, true],
  ])('%s is %d, reached: %s', (name, value, reached) => {
    const figure = find(figuresOf(measurement()), name);
    expect(figure.value).toBe(value);
    expect(isReached(figure)).toBe(reached);
  });

  it('leaves out what could not be measured', () => {
    const figures = figuresOf({ ...measurement({ warmPandas: [], coldPandas: [] }), privateBytesPerKernel: null });
    const missing = figures.filter(({ value }) => value === null);
    expect(missing).toHaveLength(4);
    expect(missing.map(isReached)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is a table with every figure and its target', () => {
    const lines = renderFigures(figuresOf(measurement())).split('\n');
    expect(lines).toHaveLength(13);
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
    expect(lines.find((line) => line.includes('warm, pandas cell '))).toMatch(/16\.00 .* <= 15 .* NOT reached/);
  });
});
