import type { BusEvent } from './event-bus.js';
import { LiveReader } from './live-reader.js';

function event(sequence: number): BusEvent {
  return { sequence, data: String(sequence) };
}

const nothing = () => ({ events: [], ended: false });

async function readAll(reader: LiveReader): Promise<number[]> {
  const seen: number[] = [];
  for await (const { sequence } of reader.follow(new AbortController().signal)) seen.push(sequence);
  return seen;
}

describe('LiveReader', () => {
  it('hands out what was replayed and pushed once each', async () => {
    const reader = new LiveReader(0, true, () => ({ events: [event(1), event(2), event(3)], ended: false }));
    reader.push([event(2), event(3), event(4)]);
    reader.end();
    expect(await readAll(reader)).toEqual([1, 2, 3, 4]);
  });

  it('fetches again what was dropped because the reader was slow', async () => {
    const asked: number[] = [];
    const reader = new LiveReader(0, false, (after) => {
      asked.push(after);
      return { events: [event(1), event(2)], ended: true };
    });
    reader.push(Array.from({ length: 5000 }, (_, index) => event(index + 1)));
    expect(await readAll(reader)).toEqual([1, 2]);
    expect(asked).toEqual([0]);
  });

  it('counts anew when the topic does, also in the middle of what it hands out', async () => {
    const reader = new LiveReader(0, false, nothing);
    reader.push([event(1), event(2), event(3)]);
    const seen: number[] = [];
    for await (const { sequence } of reader.follow(new AbortController().signal)) {
      seen.push(sequence);
      if (seen.length === 2) {
        reader.restart();
        reader.push([event(1)]);
        reader.end();
      }
    }
    expect(seen).toEqual([1, 2, 1]);
  });

  it('stops at once when closed', async () => {
    const reader = new LiveReader(0, false, nothing);
    reader.push([event(1), event(2)]);
    const seen: number[] = [];
    for await (const { sequence } of reader.follow(new AbortController().signal)) {
      seen.push(sequence);
      reader.close();
    }
    expect(seen).toEqual([1]);
  });
});
