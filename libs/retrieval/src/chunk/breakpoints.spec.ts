import { describe, expect, it } from '@jest/globals';
import { breakpoints } from './breakpoints.js';

const EAST = Float32Array.of(1, 0);
const NORTH = Float32Array.of(0, 2);
const NOWHERE = Float32Array.of(0, 0);

describe('breakpoints', () => {
  it.each([
    ['no units', [], 95, []],
    ['one unit', [EAST], 95, []],
    ['a change', [EAST, EAST, NORTH, NORTH], 50, [1]],
    ['two changes', [EAST, NORTH, NORTH, NORTH, EAST], 50, [0, 3]],
    ['all, at 0', [EAST, NORTH, EAST], 0, [0, 1]],
    ['none, at 100', [EAST, NORTH, EAST], 100, []],
    ['units that are all alike', [EAST, EAST, EAST], 50, []],
    ['vectors without a direction', [EAST, NOWHERE, EAST, NORTH], 60, [2]],
  ])('cuts after the right units: %s', (_, vectors, percentile, expected) => {
    expect(breakpoints(vectors, percentile)).toEqual(expected);
  });
});
