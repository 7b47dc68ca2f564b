import { fuse } from './fusion.js';

describe('fuse', () => {
  const ranking = (...chunks: number[]) => chunks.map((chunk) => ({ store: 1, chunk, score: 0.5 }));
  const order = (...rankings: { weight: number; ranking: ReturnType<typeof ranking> }[]): number[] =>
    fuse(rankings).map(({ chunk }) => chunk);

  it.each<[string, number[], number[]]>([
    [
      'in both rankings before in one',
      order({ weight: 1, ranking: ranking(1, 2) }, { weight: 1, ranking: ranking(3, 2) }),
      [2, 1, 3],
    ],
    ['the heavier ranking wins', order({ weight: 1, ranking: ranking(1) }, { weight: 2, ranking: ranking(2) }), [2, 1]],
    ['weight 0 says nothing', order({ weight: 1, ranking: ranking(1) }, { weight: 0, ranking: ranking(2) }), [1]],
    ['nothing', order(), []],
  ])('%s', (_, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  it('gives 1 to what is first everywhere, and keeps stores apart', () => {
    const fused = fuse([
      { weight: 0.3, ranking: ranking(1) },
      { weight: 0.7, ranking: [...ranking(1), { store: 2, chunk: 1, score: 0.1 }] },
    ]);
    expect(fused.map(({ store, score }) => [store, score > 0.99])).toEqual([
      [1, true],
      [2, false],
    ]);
  });
});
