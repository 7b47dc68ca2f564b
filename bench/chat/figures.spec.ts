import { figuresOf, isReached, renderFigures, type Figure } from './figures.js';
import type { Round, Sample } from './measure.js';
import type { PerTarget } from './targets.js';

function sample(p50: number, processorTime: number | null = 100): Sample {
  return { p50, p95: 2 * p50, firstByteP50: p50 / 2, perSecond: 1000 / p50, processorTime, residentBytes: 2 ** 20 };
}

interface Times {
  direct: number;
  pipe: number;
  threadmill: number;
  portkey?: number;
}

/** The same in every scenario. */
function round({ direct, pipe, threadmill, portkey }: Times, processorTime: number | null = 100): Round {
  const samples: PerTarget<Sample> = {
    direct: sample(direct),
    pipe: sample(pipe),
    threadmill: sample(threadmill, processorTime),
    ...(portkey !== undefined && { portkey: sample(portkey, 400) }),
  };
  return { json1: samples, stream1: samples, jsonMany: samples, streamMany: samples, paced: samples };
}

function find(figures: readonly Figure[], text: string): Figure {
  const found = figures.find(({ name }) => name.includes(text));
  if (found === undefined) throw new Error(`There is no figure ${text}.`);
  return found;
}

describe('figuresOf', () => {
  it('takes what is added to the direct way, and the median of the rounds', () => {
    const figures = figuresOf([2, 3, 9].map((pipe) => round({ direct: 1, pipe, threadmill: 4 })));
    expect(find(figures, 'added p50')).toMatchObject({ pipe: 2, threadmill: 3, ratio: 1.5 });
    expect(find(figures, 'added p95')).toMatchObject({ pipe: 4, threadmill: 6, ratio: 1.5 });
    expect(find(figures, 'first token')).toMatchObject({ pipe: 1, threadmill: 1.5, ratio: 1.5 });
    expect(find(figures, 'JSON, many at once: requests')).toMatchObject({ threadmill: 250 });
    expect(find(figures, 'resident memory')).toMatchObject({ pipe: 1, threadmill: 1 });
  });

  it('has no ratio where the pipe adds nothing that can be measured', () => {
    expect(find(figuresOf([round({ direct: 2, pipe: 1, threadmill: 4 })]), 'added p50').ratio).toBeNull();
  });

  it('leaves out what the system does not tell', () => {
    const figures = figuresOf([round({ direct: 1, pipe: 2, threadmill: 3 }, null)]);
    expect(find(figures, 'processor time a stream')).toMatchObject({ threadmill: null, ratio: null });
    expect(renderFigures(figures)).toContain('n/a');
  });

  it("holds the product against Portkey's gateway where that was measured in every round", () => {
    const times = { direct: 1, pipe: 2, threadmill: 4 };
    const figures = figuresOf([round({ ...times, portkey: 20 })]);
    expect(find(figures, 'added p50')).toMatchObject({ threadmill: 3, portkey: 19, portkeyRatio: 3 / 19 });
    expect(find(figures, 'JSON, many at once: requests')).toMatchObject({ portkey: 50, portkeyRatio: 5 });
    expect(find(figures, 'processor time a stream')).toMatchObject({ portkeyRatio: 0.25 });
    expect(renderFigures(figures)).toContain('>= 4 x Portkey');

    const [missing] = figuresOf([round({ ...times, portkey: 20 }), round(times)]);
    expect(missing).toMatchObject({ ratio: 3, portkey: null, portkeyRatio: null });
  });
});

describe('isReached', () => {
  const figure = (values: Partial<Figure>, ...targets: Figure['targets']): Figure => ({
    ...{ name: 'x', unit: 'ms', digits: 0, pipe: 1, threadmill: 1, portkey: 1, ratio: 1, portkeyRatio: 1 },
    ...{ ...values, targets },
  });
  const atMost = { of: 'ratio', atMost: 2 } as const;
  const atLeast = { of: 'portkeyRatio', atLeast: 4 } as const;
  const absolute = { of: 'threadmill', atMost: 200 } as const;

  it.each([
    [figure({ ratio: 2 }, atMost), true],
    [figure({ ratio: 2.01 }, atMost), false],
    [figure({ portkeyRatio: 4 }, atLeast), true],
    [figure({ portkeyRatio: 3.99 }, atLeast), false],
    [figure({ threadmill: 200, ratio: 9 }, absolute), true],
    [figure({ threadmill: 201 }, absolute), false],
    [figure({ ratio: null }, atMost), undefined],
    [figure({}), undefined],
    [figure({ portkeyRatio: 5 }, atMost, atLeast), true],
    [figure({ ratio: 3, portkeyRatio: 5 }, atMost, atLeast), false],
    [figure({ ratio: 3, portkeyRatio: null }, atMost, atLeast), false],
    [figure({ portkeyRatio: null }, atMost, atLeast), undefined],
  ])('%#', (given, expected) => {
    expect(isReached(given)).toBe(expected);
  });
});
