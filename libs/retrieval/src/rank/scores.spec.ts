import { asShares, fallingScores } from './scores.js';

describe('fallingScores', () => {
  it.each<[number[], number[]]>([
    [
      [0.9, 0.4, 0.6],
      [0.9, 0.6, 0.6],
    ],
    [
      [2, -1, NaN],
      [1, 0, 0],
    ],
    [[], []],
  ])('%j: %j', (relevances, expected) => {
    expect(fallingScores(relevances)).toEqual(expected);
  });
});

describe('asShares', () => {
  it.each<[string, number[], number[]]>([
    ['shares stay', [0.2, 1, 0], [0.2, 1, 0]],
    ['logits are turned into shares', [0, 1000, -1000], [0.5, 1, 0]],
  ])('%s', (_, scores, expected) => {
    expect(asShares(scores)).toEqual(expected);
  });
});
