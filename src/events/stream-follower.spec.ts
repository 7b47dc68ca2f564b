import type { Redis } from 'ioredis';
import { sleep } from '@libs/kernel';
import { LiveReader } from './live-reader.js';
import { idOf, type StreamEntry } from './redis-scripts.js';
import { StreamFollower, type TopicKeys } from './stream-follower.js';

const TOPIC: TopicKeys = { stream: 'topic:stream', counters: 'topic:counters' };
const END: StreamEntry = ['9-1', ['end', '1']];

type Answer = [key: string, entries: StreamEntry[]][];

/** Answers a read only when the test says so. */
class HeldRedis {
  readonly status = 'ready';
  private readonly reads: { ids: string[]; answer: (answer: Answer) => void }[] = [];

  xread(...asked: (string | number)[]): Promise<Answer> {
    const names = asked.slice(asked.indexOf('STREAMS') + 1).map(String);
    return new Promise((answer) => this.reads.push({ ids: names.slice(names.length / 2), answer }));
  }

  disconnect(): void {
    for (const { answer } of this.reads) answer([]);
  }

  /** Where the last read of the topic begins, once there have been so many. */
  async from(count: number): Promise<string | undefined> {
    while (this.reads.length < count) await sleep(1);
    return this.reads[count - 1]?.ids[1];
  }

  answer(count: number, entries: StreamEntry[]): void {
    this.reads[count - 1]?.answer([[TOPIC.stream, entries]]);
  }
}

const commands = {
  status: 'ended',
  multi: () => ({ xadd: () => ({ pexpire: () => ({ exec: () => Promise.resolve() }) }) }),
} as unknown as Redis;

it('gives the next reader of a topic nothing that was read for the last one', async () => {
  const blocking = new HeldRedis();
  const follower = new StreamFollower(blocking as unknown as Redis, commands, 'wake', 60_000);
  const first = reader(0);
  follower.add(TOPIC, first, 0);
  expect(await blocking.from(1)).toBe(idOf(0));
  blocking.answer(1, events(1, 9));
  expect(await blocking.from(2)).toBe(idOf(9));
  // It stopped at 5, and whoever goes on from there waits for 6.
  follower.remove(TOPIC, first);
  const next = reader(5);
  follower.add(TOPIC, next, 5);
  blocking.answer(2, [END]);
  expect(await blocking.from(3)).toBe(idOf(5));
  blocking.answer(3, [...events(6, 9), END]);
  const numbers: number[] = [];
  for await (const { sequence } of next.follow(new AbortController().signal)) numbers.push(sequence);
  expect(numbers).toEqual([6, 7, 8, 9]);
  await follower.close();
});

function reader(after: number): LiveReader {
  return new LiveReader(after, false, () => ({ events: [], ended: false }));
}

function events(first: number, last: number): StreamEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => [idOf(first + index), ['data', 'text']]);
}
