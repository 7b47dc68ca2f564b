import { FIXTURE_FUNCTIONS, NO_CALLS, WRITTEN_CALLS } from '../../../../test/fixtures/written-calls.js';
import { CallTextStream, type CallTextEvent } from './call-text-stream.js';

const known = new Map(FIXTURE_FUNCTIONS.map((definition) => [definition.name, definition]));

/** What came out, whatever pieces it came in: runs of text joined, calls one by one. */
function summary(events: CallTextEvent[]): unknown[] {
  const joined: unknown[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === 'calls') joined.push(...event.calls.map((call) => ({ ...call })));
    else if (typeof last === 'string') joined[joined.length - 1] = last + event.text;
    else joined.push(event.text);
  }
  return joined;
}

function read(pieces: string[], options: { isCut?: boolean } = {}): unknown[] {
  const stream = new CallTextStream(known);
  const events = pieces.flatMap((piece) => stream.push(piece));
  return summary([...events, ...stream.end(options.isCut)]);
}

/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function randomPieces(text: string, next: () => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = 1 + Math.floor(next() * 9);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

function expectSameHoweverCut(written: string): void {
  const whole = read([written]);
  expect(read([...written])).toEqual(whole);
  for (let at = 1; at < written.length; at += 1) {
    expect({ at, read: read([written.slice(0, at), written.slice(at)]) }).toEqual({ at, read: whole });
  }
  const next = random(written.length);
  for (let round = 0; round < 20; round += 1) expect(read(randomPieces(written, next))).toEqual(whole);
}

test('there are fixtures enough', () => {
  expect(WRITTEN_CALLS.length).toBeGreaterThanOrEqual(40);
});

describe.each(WRITTEN_CALLS.map((fixture, index) => ({ ...fixture, index })))(
  '$family, $index: $source',
  ({ written, text, calls }) => {
    test('is read', () => {
      const parts = read([written]);
      expect(parts.filter((part) => typeof part === 'string').join('')).toBe(text);
      const found = parts.filter((part) => typeof part !== 'string') as { name: string; arguments: string }[];
      expect(found.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual(calls);
    });

    test('is read alike however it is cut', () => expectSameHoweverCut(written));
  },
);

describe.each(NO_CALLS)('no call: %j', (written) => {
  test('stays the text it is, however it is cut', () => {
    expect(read([written]).join('')).toBe(written);
    expectSameHoweverCut(written);
  });
});

test('a word that every object knows is that word', () => {
  const tags = '<function=notify>\n<parameter=urgent>\nconstructor\n</parameter>\n</function>';
  expect(read([tags])).toMatchObject([{ name: 'notify', arguments: '{"urgent":"constructor"}' }]);
  const list = '[notify(urgent=constructor)]';
  expect(read([list])).toEqual([list]);
});
