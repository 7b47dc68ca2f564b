import { jest } from '@jest/globals';
import type { Database } from '../../../database/database.js';
import { IndexHousekeeping } from './index-housekeeping.js';

const MINUTE = 60_000;

function aHousekeeping() {
  const done: string[] = [];
  const note = (name: string) => (): Promise<void> => {
    done.push(name);
    return Promise.resolve();
  };
  const filler = { hasLeftSome: false, fillAll: note('fill') };
  const database = {
    exclusively: async (_: string, work: () => Promise<void>) => {
      await work();
      return true;
    },
  } as unknown as Database;
  const housekeeping = new IndexHousekeeping(
    database,
    { tidy: note('tidy') } as never,
    { state: { available: true } } as never,
    { removeBefore: note('forget') } as never,
    filler as never,
    { look: note('look'), tidy: note('indexes') } as never,
  );
  return { housekeeping, filler, done };
}

describe('housekeeping', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const ROUND = ['tidy', 'forget', 'fill', 'indexes', 'look'];

  test('comes with the start and every ten minutes, and fills what lacks vectors each time', async () => {
    const { housekeeping, done } = aHousekeeping();
    housekeeping.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(9 * MINUTE);
    expect(done).toEqual(ROUND);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(done).toEqual([...ROUND, ...ROUND]);
    await housekeeping.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(20 * MINUTE);
    expect(done).toHaveLength(2 * ROUND.length);
  });

  test('fills within a minute what ingestion has left', async () => {
    const { housekeeping, filler, done } = aHousekeeping();
    housekeeping.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(MINUTE);
    filler.hasLeftSome = true;
    await jest.advanceTimersByTimeAsync(MINUTE);
    filler.hasLeftSome = false;
    await jest.advanceTimersByTimeAsync(3 * MINUTE);
    expect(done).toEqual([...ROUND, 'fill']);
    await housekeeping.beforeApplicationShutdown();
  });

  test('goes on after a failure', async () => {
    const { housekeeping, filler, done } = aHousekeeping();
    filler.fillAll = () => Promise.reject(new Error('away'));
    housekeeping.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(10 * MINUTE);
    expect(done).toEqual(['tidy', 'forget', 'tidy', 'forget']);
    await housekeeping.beforeApplicationShutdown();
  });
});
