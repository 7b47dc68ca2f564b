import { sleep } from '@libs/kernel';
import type { EventLimits } from '../../../src/events/event-limits.js';
import { InProcessEventBus } from '../../../src/events/in-process-event-bus.js';
import { eventually } from '../../support/eventually.js';
import { describeEventBus, type BusUnderTest } from './event-bus.contract.js';

function makeBus(limits?: Partial<EventLimits>): Promise<BusUnderTest> {
  const bus = new InProcessEventBus(limits);
  return Promise.resolve({ bus, peer: bus, engine: 'in-process', remove: () => bus.close() });
}

describe('InProcessEventBus', () => {
  describeEventBus(makeBus);

  it('keeps no topic whose time is over, nor one that is only asked for', async () => {
    const bus = new InProcessEventBus({ ttlMs: 100 });
    for (let index = 0; index < 50; index += 1) await bus.publish(`topic ${index}`, 'x');
    await bus.end('topic 0');
    const controller = new AbortController();
    const reading = (async () => {
      for await (const event of bus.read('waited for', { after: 0, signal: controller.signal })) {
        throw new Error(event.data);
      }
    })();
    await sleep(10);
    expect(bus.size).toBe(51);
    await eventually(() => expect(bus.size).toBe(1));
    controller.abort();
    await reading;
    expect(bus.size).toBe(0);
    await bus.close();
  });

  it('bounds a topic by its text too, and keeps the last event however long', async () => {
    const bus = new InProcessEventBus({ maxCharacters: 10 });
    for (const text of ['aaaa', 'bbbb', 'cccc', 'd'.repeat(50)]) {
      await bus.publish('topic', text);
    }
    await bus.end('topic');
    const seen: string[] = [];
    for await (const { data } of bus.read('topic', { after: 0, signal: new AbortController().signal })) seen.push(data);
    expect(seen).toEqual(['d'.repeat(50)]);
    await bus.close();
  });
});
