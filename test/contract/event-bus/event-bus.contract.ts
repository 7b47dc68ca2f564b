import { sleep } from '@libs/kernel';
import type { BusEvent, EventBus } from '../../../src/events/event-bus.js';
import { TopicEndedError, type EventLimits } from '../../../src/events/event-limits.js';
import { eventually } from '../../support/eventually.js';

export interface BusUnderTest {
  bus: EventBus;
  engine: 'in-process' | 'redis';
  /** Another process on the same events; the bus itself where there is no such thing. */
  peer: EventBus;
  remove(): Promise<void>;
}

/** Reads in the background and keeps what it saw. */
class Listener {
  readonly seen: BusEvent[] = [];
  readonly done: Promise<void>;
  private readonly controller = new AbortController();

  constructor(bus: EventBus, topic: string, after = 0) {
    this.done = this.listen(bus, topic, after);
  }

  get data(): string {
    return this.seen.map(({ data }) => data).join('');
  }

  stop(): Promise<void> {
    this.controller.abort();
    return this.done;
  }

  private async listen(bus: EventBus, topic: string, after: number): Promise<void> {
    for await (const event of bus.read(topic, { after, signal: this.controller.signal })) this.seen.push(event);
  }
}

/** What every EventBus does, whatever it is made of. */
export function describeEventBus(makeBus: (limits?: Partial<EventLimits>) => Promise<BusUnderTest>): void {
  let subject: BusUnderTest;
  let bus: EventBus;

  beforeEach(async () => {
    subject = await makeBus();
    bus = subject.bus;
  });

  afterEach(() => subject.remove());

  async function publishAll(topic: string, letters: string): Promise<void> {
    for (const letter of letters) await bus.publish(topic, letter);
  }

  it('counts from 1 in each topic', async () => {
    expect(await bus.publish('a', 'x')).toBe(1);
    expect(await bus.publish('a', 'y')).toBe(2);
    expect(await bus.publish('b', 'z')).toBe(1);
  });

  it('takes several events at once, and the end behind them', async () => {
    const listener = new Listener(subject.peer, 'topic');
    expect(await bus.publishAll('topic', ['a'])).toBe(1);
    expect(await bus.publishAll('topic', ['b', 'c', 'd'])).toBe(2);
    await eventually(() => expect(listener.data).toBe('abcd'));
    expect(await bus.publishAll('topic', ['e', 'f'], true)).toBe(5);
    await listener.done;
    expect(listener.seen.map(({ sequence, data }) => `${sequence}${data}`)).toEqual([
      '1a',
      '2b',
      '3c',
      '4d',
      '5e',
      '6f',
    ]);
    await expect(bus.publishAll('topic', ['g'])).rejects.toThrow(TopicEndedError);
    const late = new Listener(bus, 'topic', 4);
    await late.done;
    expect(late.data).toBe('ef');
  });

  it('keeps each group in one piece, whoever else publishes', async () => {
    const group = ['1', '2', '3', '4', '5'];
    await Promise.all([bus, subject.peer, bus].map((each) => each.publishAll('topic', group)));
    await bus.end('topic');
    const listener = new Listener(bus, 'topic');
    await listener.done;
    expect(listener.data).toBe('123451234512345');
  });

  it('replays and then follows', async () => {
    await publishAll('topic', 'abc');
    const listener = new Listener(subject.peer, 'topic');
    await eventually(() => expect(listener.data).toBe('abc'));
    await publishAll('topic', 'de');
    await eventually(() => expect(listener.data).toBe('abcde'));
    expect(listener.seen.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    await listener.stop();
  });

  it.each([
    [0, 'abcde'],
    [2, 'cde'],
    [4, 'e'],
    [5, ''],
  ])('reads after %i', async (after, expected) => {
    await publishAll('topic', 'abcde');
    await bus.end('topic');
    const listener = new Listener(bus, 'topic', after);
    await listener.done;
    expect(listener.data).toBe(expected);
  });

  it('shows a reader that comes first everything, and several readers the same', async () => {
    const listeners = [new Listener(bus, 'topic'), new Listener(subject.peer, 'topic')];
    await sleep(30);
    await publishAll('topic', 'ab');
    listeners.push(new Listener(bus, 'topic'), new Listener(bus, 'topic', 1));
    await publishAll('topic', 'cd');
    await bus.end('topic');
    await Promise.all(listeners.map(({ done }) => done));
    expect(listeners.map(({ data }) => data)).toEqual(['abcd', 'abcd', 'abcd', 'bcd']);
  });

  it('keeps topics apart', async () => {
    const listener = new Listener(bus, 'mine');
    await publishAll('other', 'xyz');
    await publishAll('mine', 'a');
    await eventually(() => expect(listener.data).toBe('a'));
    await listener.stop();
  });

  it('lets a reading end when asked to, waiting or not', async () => {
    const waiting = new Listener(bus, 'topic');
    await sleep(20);
    await waiting.stop();
    const aborted = AbortSignal.abort();
    for await (const event of bus.read('topic', { after: 0, signal: aborted })) throw new Error(event.data);
    await publishAll('topic', 'ab');
    for await (const event of bus.read('topic', { after: 0, signal: new AbortController().signal })) {
      expect(event).toEqual({ sequence: 1, data: 'a' });
      break;
    }
  });

  it('ends for readers that follow and those that come later, also an empty topic', async () => {
    const following = new Listener(subject.peer, 'topic');
    await publishAll('topic', 'ab');
    await bus.end('topic');
    await following.done;
    expect(following.data).toBe('ab');
    const later = new Listener(subject.peer, 'topic');
    await later.done;
    expect(later.data).toBe('ab');
    const early = new Listener(bus, 'empty');
    await bus.end('empty');
    await early.done;
    expect(early.data).toBe('');
  });

  it('takes nothing after the end, and a second end', async () => {
    await publishAll('topic', 'a');
    await bus.end('topic');
    await bus.end('topic');
    await expect(bus.publish('topic', 'b')).rejects.toThrow(TopicEndedError);
    const listener = new Listener(bus, 'topic');
    await listener.done;
    expect(listener.data).toBe('a');
  });

  it('knows which topics exist', async () => {
    expect(await bus.exists('topic')).toBe(false);
    const listener = new Listener(bus, 'topic');
    await sleep(20);
    expect(await bus.exists('topic')).toBe(false);
    await publishAll('topic', 'a');
    expect(await bus.exists('topic')).toBe(true);
    await listener.stop();
    expect(await subject.peer.exists('topic')).toBe(true);
  });

  it('keeps the order of appends that are not waited for', async () => {
    const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
    const sequences = await Promise.all(numbers.map((number) => bus.publish('topic', String(number))));
    expect(sequences).toEqual(numbers);
  });

  it('numbers the events of several publishers without a gap, in the same order for all', async () => {
    const listeners = [new Listener(bus, 'topic'), new Listener(subject.peer, 'topic')];
    const publishers = [bus, subject.peer, bus];
    await Promise.all(
      publishers.map(async (publisher, index) => {
        for (let count = 0; count < 100; count += 1) await publisher.publish('topic', `${index}:${count};`);
      }),
    );
    await bus.end('topic');
    await Promise.all(listeners.map(({ done }) => done));
    const sequences = listeners[0]?.seen.map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(listeners[1]?.data).toBe(listeners[0]?.data);
    for (const [index] of publishers.entries()) {
      const own = listeners[0]?.data.split(';').filter((entry) => entry.startsWith(`${index}:`));
      expect(own).toEqual(Array.from({ length: 100 }, (_, count) => `${index}:${count}`));
    }
  });

  it('gives a reader that is far too slow everything nevertheless', async () => {
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { sequence } of bus.read('topic', { after: 0, signal: new AbortController().signal })) {
        seen.push(sequence);
        if (sequence === 1) await sleep(500);
      }
    })();
    await bus.publish('topic', 'first');
    await eventually(() => expect(seen).toEqual([1]));
    const count = 10_000;
    await Promise.all(Array.from({ length: count - 1 }, () => bus.publish('topic', 'x')));
    await bus.end('topic');
    await reading;
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('carries any text', async () => {
    const texts = ['', ' ', '\n', '\0', 'ä\u{1F600}', '{"a":1}', 'x'.repeat(200_000)];
    for (const text of texts) await bus.publish('topic \u{1F600}:{}', text);
    const listener = new Listener(subject.peer, 'topic \u{1F600}:{}');
    await eventually(() => expect(listener.seen.map(({ data }) => data)).toEqual(texts));
    await listener.stop();
  });

  it('follows many topics at once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `topic ${index}`);
    const listeners = names.map((name) => new Listener(subject.peer, name));
    await Promise.all(names.map((name) => bus.publish(name, name)));
    await Promise.all(names.map((name) => bus.end(name)));
    await Promise.all(listeners.map(({ done }) => done));
    expect(listeners.map(({ data }) => data)).toEqual(names);
  });

  it('forgets a topic after its time, and starts it anew for those who still wait', async () => {
    await subject.remove();
    subject = await makeBus({ ttlMs: 1000 });
    ({ bus } = subject);
    await publishAll('topic', 'ab');
    const listener = new Listener(bus, 'topic');
    await eventually(() => expect(listener.data).toBe('ab'));
    await eventually(async () => expect(await bus.exists('topic')).toBe(false));
    await sleep(1500);
    expect(await bus.publish('topic', 'c')).toBe(1);
    await eventually(() => expect(listener.data).toBe('abc'));
    await listener.stop();
  });

  it('keeps the latest events within its limits', async () => {
    await subject.remove();
    subject = await makeBus({ maxEvents: 200 });
    ({ bus } = subject);
    const count = 5000;
    await Promise.all(Array.from({ length: count }, () => bus.publish('topic', 'x')));
    await bus.end('topic');
    const listener = new Listener(bus, 'topic');
    await listener.done;
    // Redis trims whole nodes of about a hundred.
    expect(listener.seen.length).toBeGreaterThanOrEqual(200);
    expect(listener.seen.length).toBeLessThan(500);
    expect(listener.seen.at(-1)?.sequence).toBe(count);
  });

  it('is healthy until it is closed, and closing ends every reading', async () => {
    expect(await bus.health()).toEqual({ status: 'ok', engine: subject.engine });
    const listener = new Listener(bus, 'topic');
    await sleep(20);
    await bus.close();
    await listener.done;
    expect(await bus.health()).toMatchObject({ status: 'down', engine: subject.engine });
    await bus.close();
  });
}
