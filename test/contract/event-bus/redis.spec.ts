import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { EventLimits } from '../../../src/events/event-limits.js';
import { RedisEventBus } from '../../../src/events/redis-event-bus.js';
import { eventually } from '../../support/eventually.js';
import { openGate, type RedisGate } from '../../support/redis-gate.js';
import { describeWith, TEST_REDIS_URL } from '../../support/requirements.js';
import { describeEventBus, type BusUnderTest } from './event-bus.contract.js';

function freshPrefix(): string {
  return `test:${randomBytes(8).toString('hex')}`;
}

async function removeKeys(prefix: string): Promise<void> {
  const admin = new Redis(TEST_REDIS_URL);
  const keys = await admin.keys(`${prefix}:*`);
  if (keys.length > 0) await admin.del(keys);
  await admin.quit();
}

function makeBus(limits?: Partial<EventLimits>): Promise<BusUnderTest> {
  const prefix = freshPrefix();
  const bus = new RedisEventBus(TEST_REDIS_URL, prefix, limits);
  const peer = new RedisEventBus(TEST_REDIS_URL, prefix, limits);
  const remove = async (): Promise<void> => {
    await bus.close();
    await peer.close();
    await removeKeys(prefix);
  };
  return Promise.resolve({ bus, peer, engine: 'redis', remove });
}

describeWith('redis', 'RedisEventBus', () => {
  describeEventBus(makeBus);

  describe('over connections that break', () => {
    let prefix: string;
    let gate: RedisGate;
    let bus: RedisEventBus;
    let seen: string[];
    let controller: AbortController;
    let reading: Promise<void>;

    beforeEach(async () => {
      prefix = freshPrefix();
      gate = await openGate();
      bus = new RedisEventBus(gate.url, prefix);
      seen = [];
      controller = new AbortController();
      reading = (async () => {
        for await (const { data } of bus.read('topic', { after: 0, signal: controller.signal })) seen.push(data);
      })();
      await bus.publish('topic', '0');
      await eventually(() => expect(seen).toEqual(['0']));
    });

    afterEach(async () => {
      controller.abort();
      await reading;
      await bus.close();
      await gate.shut();
      await removeKeys(prefix);
    });

    it('loses nothing and doubles nothing while they are cut again and again', async () => {
      const publishing: Promise<number>[] = [];
      for (let number = 1; number <= 300; number += 1) {
        publishing.push(bus.publish('topic', String(number)));
        if (number % 50 === 0) {
          await gate.shut();
          await gate.open();
        } else if (number % 10 === 0) {
          await Promise.all(publishing);
        }
      }
      expect(await Promise.all(publishing)).toEqual(publishing.map((_, index) => index + 2));
      const expected = Array.from({ length: 301 }, (_, number) => String(number));
      await eventually(() => expect(seen).toEqual(expected));
    });

    it('is down while Redis is away, and follows on when it is back', async () => {
      await gate.shut();
      expect(await bus.health()).toMatchObject({ status: 'down', engine: 'redis' });
      await gate.open();
      await eventually(async () => expect(await bus.health()).toMatchObject({ status: 'ok' }));
      await bus.publish('topic', 'back');
      await eventually(() => expect(seen).toEqual(['0', 'back']));
    });

    it('closes while Redis is away', async () => {
      await gate.shut();
      await bus.close();
      await reading;
    });
  });

  it('uses two connections, however many read', async () => {
    const admin = new Redis(TEST_REDIS_URL);
    const count = async (): Promise<number> => ((await admin.client('LIST')) as string).trim().split('\n').length;
    const prefix = freshPrefix();
    const name = `bus-${prefix}`;
    const url = new URL(TEST_REDIS_URL);
    url.searchParams.set('connectionName', name);
    const bus = new RedisEventBus(url.href, prefix);
    const controller = new AbortController();
    const readings = Array.from({ length: 50 }, async (_, index) => {
      const options = { after: 0, signal: controller.signal };
      for await (const event of bus.read(`topic ${index % 10}`, options)) if (event.data === 'stop') return;
    });
    for (let index = 0; index < 10; index += 1) await bus.publish(`topic ${index}`, 'stop');
    await Promise.all(readings);
    const list = (await admin.client('LIST')) as string;
    expect(list.split('\n').filter((line) => line.includes(`name=${name} `))).toHaveLength(2);
    expect(await count()).toBeGreaterThan(2);
    await bus.close();
    await admin.quit();
    await removeKeys(prefix);
  });

  it('lets every key expire', async () => {
    const prefix = freshPrefix();
    const admin = new Redis(TEST_REDIS_URL);
    const bus = new RedisEventBus(TEST_REDIS_URL, prefix, { ttlMs: 60_000 });
    await bus.publish('topic', 'a');
    await bus.end('topic');
    await bus.end('never written');
    const keys = await admin.keys(`${prefix}:*`);
    expect(keys).toHaveLength(4);
    for (const key of keys) expect(await admin.pttl(key)).toBeGreaterThan(0);
    await bus.close();
    await admin.quit();
    await removeKeys(prefix);
  });
});
