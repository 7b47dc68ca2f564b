import { preloadedModules } from './preloaded-modules.js';

it.each([
  [[], []],
  [['scipy', 'sympy'], []],
  [['matplotlib'], ['matplotlib.pyplot']],
  [
    ['pandas', 'scipy', 'matplotlib', 'numpy'],
    ['numpy', 'pandas', 'matplotlib.pyplot'],
  ],
])('of %j preloads %j', (importable, expected) => {
  expect(preloadedModules(importable)).toEqual(expected);
});
