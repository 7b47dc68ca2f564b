import { contextSizeOf } from './context-size.js';

const models = {
  listModels: () =>
    Promise.resolve([
      { id: 'known', created: 0, ownedBy: 'vllm', places: [], contextSize: 8192 },
      { id: 'unknown', created: 0, ownedBy: 'vllm', places: [] },
    ]),
};

describe('contextSizeOf', () => {
  it.each([
    ['what the server says', 'known', 4096, 8192],
    ['the configured size, where it says nothing', 'unknown', 4096, 4096],
    ['the configured size, for a model nobody lists', 'missing', 4096, 4096],
    ['no limit, where nothing is configured', 'unknown', 0, undefined],
  ])('is %s', async (_, model, CONTEXT_SIZE, expected) => {
    expect(await contextSizeOf(models, model, { CONTEXT_SIZE })).toBe(expected);
  });
});
