import { jest } from '@jest/globals';
import { WarmPool, type PoolOptions } from './warm-pool.js';

class Kernel {
  isReady = true;
  isDisposed = false;

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

/** A pool, what it made, and switches for what can go wrong. */
function create(size: number): {
  pool: WarmPool<Kernel>;
  made: Kernel[];
  machine: { isBroken: boolean; hasMemory: boolean; making: number; mostMaking: number };
} {
  const made: Kernel[] = [];
  const machine = { isBroken: false, hasMemory: true, making: 0, mostMaking: 0 };
  const make: PoolOptions<Kernel>['make'] = async () => {
    machine.making += 1;
    machine.mostMaking = Math.max(machine.mostMaking, machine.making);
    await Promise.resolve();
    machine.making -= 1;
    if (machine.isBroken) throw new Error('no such interpreter');
    const kernel = new Kernel();
    made.push(kernel);
    return kernel;
  };
  return { pool: new WarmPool({ size, make, hasMemory: () => machine.hasMemory }), made, machine };
}

const pass = (milliseconds: number): Promise<void> => jest.advanceTimersByTimeAsync(milliseconds);

describe('WarmPool', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('gives nothing before it is opened, and does not count that', () => {
    const { pool } = create(2);
    expect(pool.take()).toBeUndefined();
    expect(pool.state()).toMatchObject({ size: 2, ready: 0, served: 0, missed: 0 });
  });

  it('fills one after the other, gives each out once, and makes a new one for each', async () => {
    const { pool, made, machine } = create(2);
    pool.open();
    await pass(0);
    expect(made).toHaveLength(2);
    expect(machine.mostMaking).toBe(1);
    expect([pool.take(), pool.take(), pool.take()]).toEqual([made[0], made[1], undefined]);
    expect(made).toHaveLength(2);
    await pass(100);
    expect(made).toHaveLength(4);
    expect(pool.state()).toEqual({ size: 2, ready: 2, served: 2, missed: 1, lastFailure: null });
  });

  it('of size 0 makes nothing', async () => {
    const { pool, made } = create(0);
    pool.open();
    expect(pool.take()).toBeUndefined();
    await pass(60_000);
    expect(made).toEqual([]);
    expect(pool.state()).toMatchObject({ served: 0, missed: 0 });
  });

  it('passes over a kernel that died while it waited, and replaces it', async () => {
    const { pool, made } = create(2);
    pool.open();
    await pass(0);
    Object.assign(made[0] as Kernel, { isReady: false });
    expect(pool.state().ready).toBe(1);
    expect(pool.take()).toBe(made[1]);
    expect(made[0]?.isDisposed).toBe(true);
    await pass(100);
    expect(pool.state().ready).toBe(2);
  });

  it('waits longer after each failure, says why, and recovers', async () => {
    const { pool, made, machine } = create(1);
    machine.isBroken = true;
    pool.open();
    await pass(0);
    expect(pool.state().lastFailure).toBe('no such interpreter');
    await pass(1_000);
    machine.isBroken = false;
    await pass(1_999);
    expect(made).toHaveLength(0);
    await pass(1);
    expect(pool.state()).toMatchObject({ ready: 1, lastFailure: null });
  });

  it('makes none while the machine is short of memory', async () => {
    const { pool, made, machine } = create(1);
    machine.hasMemory = false;
    pool.open();
    await pass(4_999);
    expect(made).toHaveLength(0);
    machine.hasMemory = true;
    await pass(5_000);
    expect(made).toHaveLength(1);
  });

  it('ends what waits and what is being made when it closes, and makes no more', async () => {
    const { pool, made } = create(2);
    pool.open();
    await pass(0);
    pool.take();
    jest.advanceTimersByTime(100);
    await pool.close();
    expect(made.slice(1).map(({ isDisposed }) => isDisposed)).toEqual([true, true]);
    expect(made[0]?.isDisposed).toBe(false);
    expect(pool.take()).toBeUndefined();
    await pass(60_000);
    expect(made).toHaveLength(3);
  });
});
