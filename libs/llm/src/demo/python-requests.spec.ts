import { findCodeBlock, findExpression, isCalculation } from './python-requests.js';

describe('findExpression', () => {
  it.each([
    ['What is 2+2?', '2+2'],
    ['Compute (3 + 4) * 12 please', '(3 + 4) * 12'],
    ['2^10', '2**10'],
    ['what is 7 // 2', '7 // 2'],
    ['10 - -3', '10 - -3'],
    ['Sales from 2024-01-05 to 2024-02-06', undefined],
    ['In 2024-03 we sold 12 units', undefined],
    ['on 3/4/2024', undefined],
    ['phone 555', undefined],
    ['(2 + 3', undefined],
    ['2 + 3)', undefined],
    ['', undefined],
  ])('in %j is %j', (text, expected) => {
    expect(findExpression(text)).toBe(expected);
  });

  it('looks at no more than a page of hostile text', () => {
    expect(findExpression('('.repeat(500_000))).toBeUndefined();
  });
});

describe('isCalculation', () => {
  it.each([
    ['What is 2+2?', true],
    ['2 + 2 =', true],
    ['Compare 3+4 groups in sales.csv', false],
  ])('%j: %p', (text, expected) => {
    expect(isCalculation(text)).toBe(expected);
  });
});

describe('findCodeBlock', () => {
  it.each([
    ['Run:\n```python\nprint(1)\n```', 'print(1)'],
    ['```py\na = 1\n\nb = 2\n```\nand ```python\nno\n```', 'a = 1\n\nb = 2'],
    ['```js\n1\n```', undefined],
    ['no code', undefined],
  ])('in %j', (text, expected) => {
    expect(findCodeBlock(text)).toBe(expected);
  });
});
