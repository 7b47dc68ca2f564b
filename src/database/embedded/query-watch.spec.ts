import { QueryWatch } from './query-watch.js';

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const ROW = Buffer.from([0x44, 0, 0, 0, 6, 0, 0]);

describe('QueryWatch', () => {
  it('waits for nothing before anything is sent', () => {
    expect(new QueryWatch().waited(0, 1000)).toBe(0);
  });

  it('counts from when it first sees a question without an answer', () => {
    const watch = new QueryWatch();
    expect(watch.waited(10, 1000)).toBe(0);
    expect(watch.waited(10, 1750)).toBe(750);
    expect(watch.waited(90, 2000)).toBe(1000);
  });

  it.each<[string, Buffer[], boolean]>([
    ['ReadyForQuery alone', [READY], true],
    ['ReadyForQuery after rows', [Buffer.concat([ROW, ROW, READY])], true],
    ['ReadyForQuery in two pieces', [Buffer.concat([ROW, READY.subarray(0, 2)]), READY.subarray(2)], true],
    ['ReadyForQuery byte by byte', [...READY].map((byte) => Buffer.from([byte])), true],
    ['only rows', [ROW, ROW], false],
    ['half of ReadyForQuery', [READY.subarray(0, 5)], false],
    ['rows after ReadyForQuery, of a second question sent at once', [READY, ROW], true],
  ])('after %s', (_, chunks, answered) => {
    const watch = new QueryWatch();
    watch.waited(10, 1000);
    for (const chunk of chunks) watch.received(chunk, 10);
    expect(watch.waited(10, 5000)).toBe(answered ? 0 : 4000);
  });

  it('starts anew with the next question', () => {
    const watch = new QueryWatch();
    watch.waited(10, 1000);
    watch.received(READY, 10);
    expect(watch.waited(20, 60_000)).toBe(0);
    expect(watch.waited(20, 61_000)).toBe(1000);
  });
});
