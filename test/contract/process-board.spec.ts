import { randomUUID } from 'node:crypto';
import { sleep } from '@libs/kernel';
import { InProcessBoard, type ProcessBoard } from '../../src/events/process-board.js';
import { RedisProcessBoard } from '../../src/events/redis-process-board.js';
import { describeWith, TEST_REDIS_URL } from '../support/requirements.js';

function describeBoard(name: string, create: () => ProcessBoard): void {
  describe(`ProcessBoard contract: ${name}`, () => {
    let board: ProcessBoard;
    beforeAll(() => {
      board = create();
    });
    afterAll(() => board.close());

    it('shows what each process has told last', async () => {
      await board.post({ processId: 'a', data: 'old' });
      await board.post({ processId: 'b', data: '{"x": "\u00e9"}' });
      await board.post({ processId: 'a', data: 'new' });
      const entries = (await board.read()).toSorted((one, other) => one.processId.localeCompare(other.processId));
      expect(entries).toEqual([
        { processId: 'a', data: 'new' },
        { processId: 'b', data: '{"x": "\u00e9"}' },
      ]);
    });

    it('forgets a process that says farewell', async () => {
      await board.remove('a');
      await board.remove('unknown');
      expect((await board.read()).map(({ processId }) => processId)).toEqual(['b']);
    });
  });
}

describeBoard('in one process', () => new InProcessBoard());

describeWith('redis', 'redis', () => {
  const prefix = (): string => `test:board:${randomUUID()}`;
  describeBoard('redis', () => new RedisProcessBoard(TEST_REDIS_URL, prefix()));

  it('forgets a process that is silent, and no other', async () => {
    const shared = prefix();
    const [one, other] = [
      new RedisProcessBoard(TEST_REDIS_URL, shared, 300),
      new RedisProcessBoard(TEST_REDIS_URL, shared, 300),
    ];
    await one.post({ processId: 'silent', data: '1' });
    await sleep(200);
    await other.post({ processId: 'alive', data: '2' });
    expect(await one.read()).toHaveLength(2);
    await sleep(200);
    expect(await one.read()).toEqual([{ processId: 'alive', data: '2' }]);
    await Promise.all([one.close(), other.close()]);
  });
});
