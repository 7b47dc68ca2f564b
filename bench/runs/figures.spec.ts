import { figuresOf, renderFigures } from './figures.js';
import type { Sample } from './measure.js';

const sample = (runAdded: number, turnAdded: number | null = 1): Sample => ({
  runAdded,
  runsPerSecond: 150,
  processorTime: 5,
  tokenAdded: 0.5,
  turnAdded,
});

describe('figuresOf', () => {
  const rounds = [5, 7, 30].map((added) => ({
    server: sample(added),
    embedded: sample(added * 2),
    bare: sample(2, null),
  }));

  it('takes medians over the rounds, and nothing where a round lacks a value', () => {
    expect(figuresOf(rounds)[0]).toMatchObject({ server: 7, embedded: 14, bare: 2 });
    expect(figuresOf(rounds).at(-1)).toMatchObject({ server: 1, bare: null });
    expect(figuresOf([...rounds, { embedded: sample(1) }])[0]).toMatchObject({ server: null, embedded: 12 });
  });

  it('shows what is reached of each target, and the ratio to the yardstick', () => {
    const lines = renderFigures(figuresOf(rounds)).split('\n').slice(2);
    expect(lines).toEqual([
      '| a run, one at a time: added p50 | ms | 7.0 | 14.0 | 2.0 | 3.5 | <= 15 reached, <= 25 reached |',
      '| runs a second, many at once | 1/s | 150 | 150 | 150 | 1.0 | >= 200 NOT reached, >= 100 reached |',
      '| processor time a run, many at once | ms | 5.00 | 5.00 | 5.00 | 1.0 | <= 4 NOT reached |',
      "| a token of a run's stream: added p50 | ms | 0.50 | 0.50 | 0.50 | 1.0 | <= 1 reached, <= 1 reached |",
      '| a turn of a chat with tools: added p50 | ms | 1.00 | 1.00 | n/a | n/a | <= 5 reached, <= 5 reached |',
    ]);
  });
});
