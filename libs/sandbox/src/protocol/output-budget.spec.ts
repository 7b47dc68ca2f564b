import { OutputBudget } from './output-budget.js';

describe('OutputBudget', () => {
  it.each([
    [['abc'], 3, 'abc', false],
    [['abc', 'd'], 3, 'abc', true],
    [['ab', 'cd'], 3, 'abc', true],
    [['é€'], 4, 'é', true],
    [['a', '😀', 'b'], 4, 'a', true],
    [[''], 0, '', false],
  ])('lets of %j through in %i bytes: %j', (texts, bytes, kept, cut) => {
    const budget = new OutputBudget(bytes);
    expect(texts.map((text) => budget.take(text)).join('')).toBe(kept);
    expect(budget.cut).toBe(cut);
  });
});
