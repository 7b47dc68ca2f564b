import { median, percentile } from './statistics.js';

describe('percentile', () => {
  it.each([
    [[5], 0.5, 5],
    [[4, 1, 3, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.95, 4],
    [Array.from({ length: 100 }, (_, index) => 100 - index), 0.95, 95],
    [[], 0.5, NaN],
  ])('of %j at %d is %d', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 10], 3],
    [[4, 1, 3, 10], 3.5],
    [[], NaN],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
