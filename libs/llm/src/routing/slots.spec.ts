import { Slots } from './slots.js';

const LIMITS = { max: 1, queueLength: 1, queueMs: 50 };

describe('Slots', () => {
  it('are without end where nothing limits them', async () => {
    const slots = new Slots('s', undefined);
    await Promise.all(Array.from({ length: 100 }, () => slots.acquire()));
    expect(slots.areAllTaken).toBe(false);
  });

  it('go to who waits, in order, and are free after the last', async () => {
    const slots = new Slots('s', { max: 1, queueLength: 2, queueMs: 5000 });
    const order: string[] = [];
    const release = await slots.acquire();
    const second = slots.acquire().then((free) => {
      order.push('second');
      free();
    });
    const third = slots.acquire().then((free) => {
      order.push('third');
      free();
    });
    expect(slots.areAllTaken).toBe(true);
    release();
    release();
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
    expect(slots.areAllTaken).toBe(false);
  });

  it('refuse who would make the queue too long', async () => {
    const slots = new Slots('s', { ...LIMITS, queueMs: 5000 });
    const release = await slots.acquire();
    const waiting = slots.acquire();
    await expect(slots.acquire()).rejects.toMatchObject({ kind: 'rate_limited', details: { retryAfterMs: 5000 } });
    release();
    (await waiting)();
  });

  it('let nobody wait for too long', async () => {
    const slots = new Slots('s', LIMITS);
    const release = await slots.acquire();
    await expect(slots.acquire()).rejects.toMatchObject({ kind: 'unavailable' });
    release();
    expect(slots.areAllTaken).toBe(false);
  });

  it('forget who went away', async () => {
    const slots = new Slots('s', LIMITS);
    const release = await slots.acquire();
    const leaving = new AbortController();
    const waiting = slots.acquire(leaving.signal);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
    await expect(slots.acquire(AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
    release();
    expect(slots.areAllTaken).toBe(false);
  });
});
