import {
  assertNever,
  errorCode,
  errorMessage,
  ID_PREFIXES,
  newId,
  sleep,
  toUnixSeconds,
  type IdKind,
} from './index.js';

describe('ids', () => {
  test.each(Object.entries(ID_PREFIXES))('of a %s begin with %s', (kind, prefix) => {
    const id = newId(kind as IdKind);
    expect(id.startsWith(prefix)).toBe(true);
    expect(id.slice(prefix.length)).toMatch(/^[0-9A-Za-z]{24}$/);
  });

  test('no two kinds share a prefix, and none begins with another', () => {
    const prefixes = Object.values(ID_PREFIXES);
    for (const prefix of prefixes) expect(prefixes.filter((other) => other.startsWith(prefix))).toEqual([prefix]);
  });

  test('use every character about equally often', () => {
    const counts = new Map<string, number>();
    const ids = Array.from({ length: 6000 }, () => newId('run').slice('run_'.length));
    for (const character of ids.join('')) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(new Set(ids).size).toBe(ids.length);
    const expected = (6000 * 24) / 62;
    expect(counts.size).toBe(62);
    // Seven standard deviations; a byte taken modulo 62 would be off by ten.
    const far = [...counts.values()].filter((count) => Math.abs(count - expected) > 7 * Math.sqrt(expected));
    expect(far).toEqual([]);
  });
});

describe('errors', () => {
  test.each([
    [new Error('a'), 'a', undefined],
    [Object.assign(new Error('a'), { code: 'ENOENT' }), 'a', 'ENOENT'],
    [{ code: 'X' }, '[object Object]', 'X'],
    [{ code: 5 }, '[object Object]', undefined],
    ['text', 'text', undefined],
    [null, 'null', undefined],
    [undefined, 'undefined', undefined],
  ])('%p: message %j, code %j', (error, message, code) => {
    expect(errorMessage(error)).toBe(message);
    expect(errorCode(error)).toBe(code);
  });

  test('a case that cannot be is told', () => {
    expect(() => assertNever({ odd: 1 } as never)).toThrow('Unexpected value: {"odd":1}');
  });
});

describe('time', () => {
  test.each([
    [new Date(0), 0],
    [new Date(1999), 1],
    [new Date(2000), 2],
    [null, null],
  ])('%p is %j seconds', (date, seconds) => {
    expect(toUnixSeconds(date)).toBe(seconds);
  });

  test('sleep ends with its time, at an abort, and at once after one', async () => {
    await sleep(1);
    const controller = new AbortController();
    const sleeping = sleep(60_000_000, controller.signal);
    controller.abort();
    await sleeping;
    await sleep(60_000_000, controller.signal);
    expect(controller.signal.aborted).toBe(true);
  });
});
