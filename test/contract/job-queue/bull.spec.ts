import { randomBytes } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { loadConfig } from '@config';
import { sleep } from '@libs/kernel';
import { JobQueue } from '../../../src/jobs/job-queue.js';
import { JobsModule } from '../../../src/jobs/jobs.module.js';
import { eventually } from '../../support/eventually.js';
import { openGate } from '../../support/redis-gate.js';
import { describeWith, TEST_REDIS_URL } from '../../support/requirements.js';
import { describeJobQueue, type QueueUnderTest } from './job-queue.contract.js';

async function makeQueue(prefix: string, url = TEST_REDIS_URL): Promise<QueueUnderTest> {
  const config = loadConfig({ REDIS_URL: url });
  const module = await Test.createTestingModule({ imports: [JobsModule.forRoot(config, prefix)] }).compile();
  module.useLogger(false);
  await module.init();
  return {
    queue: module.get(JobQueue),
    engine: 'redis',
    remove: async () => {
      await module.close();
      await removeKeys(prefix);
    },
  };
}

async function removeKeys(prefix: string): Promise<void> {
  const admin = new Redis(TEST_REDIS_URL);
  const keys = await admin.keys(`${prefix}:*`);
  if (keys.length > 0) await admin.del(keys);
  await admin.quit();
}

function freshPrefix(): string {
  return `test:${randomBytes(8).toString('hex')}`;
}

describeWith('redis', 'BullJobQueue', () => {
  describeJobQueue(() => makeQueue(freshPrefix()));

  describe('with connections that break', () => {
    let prefix: string;
    let subject: QueueUnderTest;
    let admin: Redis;
    let own: string[];

    /** Ids of the connections that exist now. Others share the server, so only new ones are ours. */
    async function listConnections(): Promise<string[]> {
      const list = (await admin.client('LIST')) as string;
      return [...list.matchAll(/^id=(\d+)/gm)].map(([, id]) => id ?? '');
    }

    async function killOurs(): Promise<void> {
      for (const id of own) await admin.client('KILL', 'ID', id);
    }

    beforeEach(async () => {
      prefix = freshPrefix();
      admin = new Redis(TEST_REDIS_URL);
      const before = new Set(await listConnections());
      subject = await makeQueue(prefix);
      subject.queue.process('execute-run', 2, ({ runId }) => {
        seen.push(runId);
        return Promise.resolve();
      });
      await subject.queue.add('execute-run', { runId: 'warm' });
      await eventually(() => expect(seen).toEqual(['warm']));
      own = (await listConnections()).filter((id) => !before.has(id));
    });

    afterEach(async () => {
      seen.length = 0;
      await subject.remove();
      await admin.quit();
    });

    const seen: string[] = [];

    it('works on after all its connections were killed, again and again', async () => {
      expect(own.length).toBeGreaterThanOrEqual(3);
      for (const runId of ['a', 'b']) {
        const before = new Set((await listConnections()).filter((id) => !own.includes(id)));
        await killOurs();
        await eventually(async () => expect(await subject.queue.health()).toMatchObject({ status: 'ok' }));
        await subject.queue.add('execute-run', { runId });
        await eventually(() => expect(seen).toContain(runId));
        own = (await listConnections()).filter((id) => !before.has(id));
      }
    });

    it('says that it is down while the server does not answer, and recovers', async () => {
      await admin.client('PAUSE', 3500, 'ALL');
      expect(await subject.queue.health()).toMatchObject({ status: 'down', reason: 'no answer within 2000 ms' });
      await eventually(async () => expect(await subject.queue.health()).toMatchObject({ status: 'ok' }));
      await subject.queue.add('execute-run', { runId: 'after' });
      await eventually(() => expect(seen).toContain('after'));
    });

    it('leaves nothing on the server but what its counters need', async () => {
      await subject.queue.add('execute-run', { runId: 'a' }, { key: 'a' });
      await eventually(() => expect(seen).toContain('a'));
      await eventually(async () => {
        const left = (await admin.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length + 1));
        expect(left.filter((key) => !key.endsWith(':id') && !key.endsWith(':stalled-check'))).toEqual([]);
      });
    });
  });

  it('adds a key again whose job was handed to a worker that is gone', async () => {
    const prefix = freshPrefix();
    const admin = new Redis(TEST_REDIS_URL);
    const subject = await makeQueue(prefix);
    const seen: string[] = [];
    await subject.queue.add('execute-run', { runId: 'a' }, { key: 'a' });
    expect(await admin.rpoplpush(`${prefix}:execute-run:wait`, `${prefix}:execute-run:active`)).not.toBeNull();
    await subject.queue.add('execute-run', { runId: 'a again' }, { key: 'a' });
    await subject.queue.add('execute-run', { runId: 'a once more' }, { key: 'a' });
    subject.queue.process('execute-run', 1, ({ runId }) => {
      seen.push(runId);
      return Promise.resolve();
    });
    await eventually(() => expect(seen).toContain('a again'));
    expect(seen).toEqual(['a again']);
    await subject.remove();
    await admin.quit();
  });

  it('hands each job to one of several workers', async () => {
    const prefix = freshPrefix();
    const workers = await Promise.all([makeQueue(prefix), makeQueue(prefix)]);
    const seen: string[] = [];
    for (const { queue } of workers) {
      queue.process('execute-run', 4, async ({ runId }) => {
        seen.push(runId);
        await sleep(1);
      });
    }
    const runIds = Array.from({ length: 200 }, (_, index) => `run_${index}`);
    await Promise.all(runIds.map((runId) => workers[0]?.queue.add('execute-run', { runId })));
    await eventually(() => expect(seen).toHaveLength(200));
    expect(new Set(seen).size).toBe(200);
    for (const worker of workers) await worker.remove();
  });

  it('starts to work when Redis comes up later', async () => {
    const prefix = freshPrefix();
    const gate = await openGate();
    await gate.shut();
    const { queue, remove } = await makeQueue(prefix, gate.url);
    const seen: string[] = [];
    queue.process('execute-run', 1, ({ runId }) => {
      seen.push(runId);
      return Promise.resolve();
    });
    expect(await queue.health()).toMatchObject({ status: 'down', engine: 'redis' });
    await gate.open();
    await queue.add('execute-run', { runId: 'a' });
    await eventually(() => expect(seen).toEqual(['a']));
    await remove();
    await gate.shut();
  });

  it('closes while Redis is away', async () => {
    const gate = await openGate();
    const { queue, remove } = await makeQueue(freshPrefix(), gate.url);
    queue.process('execute-run', 1, () => Promise.resolve());
    await eventually(async () => expect(await queue.health()).toMatchObject({ status: 'ok' }));
    await gate.shut();
    await queue.close(0);
    await remove();
  });
});
