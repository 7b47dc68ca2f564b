import { figuresOf, isReached, renderFigures, type Figure } from './figures.js';
import type { Round, Sample } from './measure.js';

function sample(p50: number, processorTime: number | null = 100): Sample {
  return { p50, p95: 2 * p50, firstByteP50: p50 / 2, perSecond: 1000 / p50, processorTime, residentBytes: 2 ** 20 };
}

/** The same in every scenario. */
function round(direct: number, pipe: number, threadmill: number, processorTime: number | null = 100): Round {
  const samples = { direct: sample(direct), pipe: sample(pipe), threadmill: sample(threadmill, processorTime) };
  return { json1: samples, stream1: samples, jsonMany: samples, streamMany: samples, paced: samples };
}

function find(figures: readonly Figure[], text: string): Figure {
  const found = figures.find(({ name }) => name.includes(text));
  if (found === undefined) throw new Error(`There is no figure ${text}.`);
  return found;
}

describe('figuresOf', () => {
  it('takes what is added to the direct way, and the median of the rounds', () => {
    const figures = figuresOf([round(1, 2, 4), round(1, 3, 4), round(1, 9, 4)]);
    expect(find(figures, 'added p50')).toMatchObject({ pipe: 2, threadmill: 3, ratio: 1.5 });
    expect(find(figures, 'added p95')).toMatchObject({ pipe: 4, threadmill: 6, ratio: 1.5 });
    expect(find(figures, 'first token')).toMatchObject({ pipe: 1, threadmill: 1.5, ratio: 1.5 });
    expect(find(figures, 'JSON, many at once: requests')).toMatchObject({ threadmill: 250 });
    expect(find(figures, 'resident memory')).toMatchObject({ pipe: 1, threadmill: 1 });
  });

  it('has no ratio where the pipe adds nothing that can be measured', () => {
    expect(find(figuresOf([round(2, 1, 4)]), 'added p50').ratio).toBeNull();
  });

  it('leaves out what the system does not tell', () => {
    const figures = figuresOf([round(1, 2, 3, null)]);
    expect(find(figures, 'processor time a stream')).toMatchObject({ threadmill: null, ratio: null });
    expect(renderFigures(figures)).toContain('n/a');
  });
});

describe('isReached', () => {
  const figure = (ratio: number | null, threadmill: number | null, target?: Figure['target']): Figure => ({
    ...{ name: 'x', unit: 'ms', digits: 0, pipe: 1, threadmill, ratio },
    ...(target && { target }),
  });
  const atMost = { text: '', of: 'ratio', atMost: 2 } as const;
  const atLeast = { text: '', of: 'ratio', atLeast: 0.5 } as const;
  const absolute = { text: '', of: 'threadmill', atMost: 200 } as const;

  it.each([
    [figure(2, 0, atMost), true],
    [figure(2.01, 0, atMost), false],
    [figure(0.5, 0, atLeast), true],
    [figure(0.49, 0, atLeast), false],
    [figure(9, 200, absolute), true],
    [figure(9, 201, absolute), false],
    [figure(null, 1, atMost), undefined],
    [figure(1, 1), undefined],
  ])('%#', (given, expected) => {
    expect(isReached(given)).toBe(expected);
  });
});
