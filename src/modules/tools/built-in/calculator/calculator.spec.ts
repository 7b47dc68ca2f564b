import { Calculator } from './calculator.js';

describe('Calculator', () => {
  const calculator = new Calculator();
  afterAll(() => calculator.close());

  it.each([
    ['17 * 23', '391'],
    ['0.1 + 0.2', '0.3'],
    ['sqrt(2)^2', '2'],
    ['5 km to m', '5000 m'],
    ['mean(1, 2, 6)', '3'],
    ['a = 3\na * 2', '[3, 6]'],
    ['1 / 0', 'Infinity'],
  ])('%j is %s', async (expression, text) => {
    expect(await calculator.calculate(expression)).toEqual({ text });
  });

  it.each([
    ['2 +', /Unexpected end of expression/],
    ['import({sqrt: 1})', /import is not available/],
    ['evaluate("1")', /evaluate is not available/],
    ['parse("1")', /parse is not available/],
    ['createUnit("foo")', /createUnit is not available/],
    ['cos.constructor("return process")', /No access to method "constructor"/],
    ['{a: 1}.constructor', /No access to property "constructor"/],
    ['unknown_name + 1', /Undefined symbol/],
  ])('%j is a problem', async (expression, problem) => {
    expect(await calculator.calculate(expression)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('ends what takes too long or too much memory, and answers the next', async () => {
    const endless = calculator.calculate('factor(n) = n <= 1 ? 1 : factor(n - 1) + factor(n - 2)\nfactor(200)');
    const greedy = calculator.calculate('concat(ones(8000, 8000), ones(8000, 8000))');
    const next = calculator.calculate('1 + 1');
    expect(await endless).toEqual({ problem: 'The calculation took longer than 3 seconds.' });
    expect(await greedy).toEqual({ problem: expect.stringMatching(/too much memory|longer than/) });
    expect(await next).toEqual({ text: '2' });
  });

  it.each(['1:1e9', 'ones(100000, 100000)', 'concat(ones(8000, 8000), ones(8000, 8000))'])(
    '%j, which fills the memory, ends nothing but itself',
    async (expression) => {
      const problem = expect.stringMatching(/too much memory|longer than/) as string;
      expect(await calculator.calculate(expression)).toEqual({ problem });
      expect(await calculator.calculate('1 + 1')).toEqual({ text: '2' });
    },
  );

  it('a very long answer is cut', async () => {
    const answer = await calculator.calculate('ones(400, 400)');
    expect('text' in answer && answer.text.length).toBe(100_000);
  });

  it('gives up what nobody waits for, and answers the next', async () => {
    const leaving = new AbortController();
    const endless = 'factor(n) = n <= 1 ? 1 : factor(n - 1) + factor(n - 2)\nfactor(200)';
    await calculator.calculate('1');
    const given = [endless, endless].map((expression) => calculator.calculate(expression, leaving.signal));
    const next = calculator.calculate('1 + 1');
    leaving.abort(new Error('left'));
    for (const calculation of given) await expect(calculation).rejects.toThrow('left');
    expect(await next).toEqual({ text: '2' });
    await expect(calculator.calculate('1', leaving.signal)).rejects.toThrow('left');
  });

  it('refuses what comes while too much waits, and bears that all leave before it has started', async () => {
    const fresh = new Calculator();
    const leaving = new AbortController();
    const crowd = Array.from({ length: 65 }, () => fresh.calculate('1', leaving.signal));
    expect(await fresh.calculate('1')).toEqual({ problem: expect.stringMatching(/busy/) });
    leaving.abort();
    const ends = await Promise.allSettled(crowd);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await fresh.calculate('1 + 1')).toEqual({ text: '2' });
    fresh.close();
  });

  it('remembers nothing from one call to the next', async () => {
    await calculator.calculate('secret = 42');
    expect(await calculator.calculate('secret')).toEqual({ problem: expect.stringMatching(/Undefined symbol secret/) });
  });
});
