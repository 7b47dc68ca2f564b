import { findBrokenArrows } from './arrows.js';
import { lint } from './eslint.js';
import { ROOT } from './planted-tree.js';

const TOOL_TIMEOUT_MS = 180_000;

describe('this tree', () => {
  it(
    'breaks no arrow',
    async () => {
      expect(await findBrokenArrows(ROOT)).toEqual([]);
    },
    TOOL_TIMEOUT_MS,
  );

  it(
    'breaks no lint rule',
    async () => {
      expect(await lint(ROOT)).toEqual([]);
    },
    TOOL_TIMEOUT_MS,
  );
});
