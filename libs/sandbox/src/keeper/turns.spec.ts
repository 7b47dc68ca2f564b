import { Turns } from './turns.js';

const { signal: never } = new AbortController();
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turns', () => {
  it('are given one at a time, in order', async () => {
    const turns = new Turns();
    const order: number[] = [];
    for (const number of [1, 2, 3]) void turns.take(never).then(() => order.push(number));
    await settle();
    expect(order).toEqual([1]);
    turns.pass();
    await settle();
    expect(order).toEqual([1, 2]);
    turns.pass();
    turns.pass();
    await settle();
    expect(order).toEqual([1, 2, 3]);
    expect(turns.isBusy).toBe(false);
  });

  it('pass over those who have left', async () => {
    const turns = new Turns();
    const leaver = new AbortController();
    await turns.take(never);
    const left = turns.take(leaver.signal);
    const stayed = turns.take(never);
    leaver.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    turns.pass();
    await stayed;
    expect(turns.isBusy).toBe(true);
    turns.pass();
    expect(turns.isBusy).toBe(false);
  });

  it('are not given to one who has left before', async () => {
    const turns = new Turns();
    await expect(turns.take(AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
    expect(turns.isBusy).toBe(false);
  });
});
