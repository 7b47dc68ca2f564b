import { VersionedCache } from './versioned-cache.js';

describe('VersionedCache', () => {
  const cacheOf = (bytes: number): VersionedCache<string> => new VersionedCache(bytes, ({ length }) => length);

  it('knows a value by the version it was read at, and no other', () => {
    const cache = cacheOf(10);
    cache.set('a', 1, 'one');
    expect(cache.get('a', 1)).toBe('one');
    expect(cache.get('a', 2)).toBeUndefined();
    cache.set('a', 2, 'two');
    expect(cache.get('a', 1)).toBeUndefined();
    expect(cache.get('a', 2)).toBe('two');
  });

  it('lets the longest unused go', () => {
    const cache = cacheOf(4);
    cache.set('a', 1, 'aa');
    cache.set('b', 1, 'bb');
    cache.get('a', 1);
    cache.set('c', 1, 'cc');
    expect(['a', 'b', 'c'].map((key) => cache.get(key, 1))).toEqual(['aa', undefined, 'cc']);
  });

  it('counts what takes a value’s place once', () => {
    const cache = cacheOf(4);
    cache.set('a', 1, 'aa');
    for (const version of [2, 3, 4]) cache.set('b', version, 'bb');
    expect(cache.get('a', 1)).toBe('aa');
  });

  it('keeps nothing that is too large for it', () => {
    const cache = cacheOf(4);
    cache.set('a', 1, 'aa');
    cache.set('b', 1, 'b'.repeat(5));
    expect(cache.get('b', 1)).toBeUndefined();
    expect(cache.get('a', 1)).toBe('aa');
  });
});
