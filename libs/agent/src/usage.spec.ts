import { addUsage, NO_USAGE } from './usage.js';

const LEFT = { promptTokens: 1, completionTokens: 2, cachedTokens: 3, reasoningTokens: 4 };
const RIGHT = { promptTokens: 10, completionTokens: 20, cachedTokens: 30, reasoningTokens: 40 };

test('every kind of token is summed', () => {
  expect(addUsage(LEFT, RIGHT)).toEqual({
    promptTokens: 11,
    completionTokens: 22,
    cachedTokens: 33,
    reasoningTokens: 44,
  });
});

test('nothing added changes nothing', () => {
  expect(addUsage(LEFT, NO_USAGE)).toEqual(LEFT);
  expect(addUsage(NO_USAGE, RIGHT)).toEqual(RIGHT);
});
