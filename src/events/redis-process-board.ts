import type { Redis } from 'ioredis';
import { closeClient, createCommandClient } from '../common/redis-clients.js';
import { BOARD_TTL_MS, ProcessBoard, type BoardEntry } from './process-board.js';

/** By the clock of Redis: those of the machines may differ. */
const POST_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
`;
const READ_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], dead)
  redis.call('HDEL', KEYS[2], dead)
end
return redis.call('HGETALL', KEYS[2])
`;

type BoardRedis = Redis & {
  postEntry(...keysAndArguments: (string | number)[]): Promise<unknown>;
  readEntries(...keys: string[]): Promise<string[]>;
};

/** For any number of processes with one Redis. */
export class RedisProcessBoard extends ProcessBoard {
  override readonly isShared = true;
  private readonly redis: BoardRedis;
  private readonly keys: readonly [expiries: string, data: string];

  constructor(
    url: string,
    prefix: string,
    private readonly ttlMs = BOARD_TTL_MS,
  ) {
    super();
    const client = createCommandClient(url);
    client.defineCommand('postEntry', { numberOfKeys: 2, lua: POST_SCRIPT });
    client.defineCommand('readEntries', { numberOfKeys: 2, lua: READ_SCRIPT });
    this.redis = client as BoardRedis;
    // The braces put both keys into one slot of a cluster.
    this.keys = [`{${prefix}}:expiries`, `{${prefix}}:data`];
  }

  override async post({ processId, data }: BoardEntry): Promise<void> {
    await this.redis.postEntry(...this.keys, processId, data, this.ttlMs);
  }

  override async remove(processId: string): Promise<void> {
    await this.redis.multi().zrem(this.keys[0], processId).hdel(this.keys[1], processId).exec();
  }

  override async read(): Promise<BoardEntry[]> {
    const flat = await this.redis.readEntries(...this.keys);
    return flat.flatMap((processId, at) => (at % 2 === 0 ? [{ processId, data: flat[at + 1] ?? '' }] : []));
  }

  override async close(): Promise<void> {
    await closeClient(this.redis);
  }
}
