import { ShortMemory } from './short-memory.js';

const LIFE_MS = 100;

describe('ShortMemory', () => {
  let now: number;
  let looks: number;
  let found: () => Promise<string>;
  let memory: ShortMemory<string>;

  beforeEach(() => {
    now = 0;
    looks = 0;
    found = () => Promise.resolve(`look ${looks}`);
    const look = (): Promise<string> => {
      looks += 1;
      return found();
    };
    memory = new ShortMemory(look, LIFE_MS, { now: () => now });
  });

  it('looks once in a while', async () => {
    expect(await memory.get()).toBe('look 1');
    now = LIFE_MS - 1;
    expect(await memory.get()).toBe('look 1');
    now = LIFE_MS;
    expect(await memory.get()).toBe('look 2');
  });

  it('looks once for all who ask at the same time', async () => {
    expect(await Promise.all([memory.get(), memory.get()])).toEqual(['look 1', 'look 1']);
    expect(looks).toBe(1);
  });

  it('believes what it is told, also against a look that began before', async () => {
    let arrive = (_: string): void => undefined;
    found = () => new Promise((resolve) => (arrive = resolve));
    const before = memory.get();
    memory.tell('told');
    arrive('late');
    expect(await before).toBe('late');
    expect(await memory.get()).toBe('told');
    expect(looks).toBe(1);
  });

  it('does not remember a look that failed', async () => {
    found = () => Promise.reject(new Error('away'));
    await expect(memory.get()).rejects.toThrow('away');
    found = () => Promise.resolve('there');
    expect(await memory.get()).toBe('there');
  });
});
