import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { errorMessage, sleep } from '@libs/kernel';
import { closeClient, createBlockingClient, createCommandClient } from '../common/redis-clients.js';
import { EventBus, type BusEvent, type BusHealth, type ReadOptions } from './event-bus.js';
import { DEFAULT_EVENT_LIMITS, TopicEndedError, type EventLimits } from './event-limits.js';
import { LiveReader, type Replay } from './live-reader.js';
import { APPEND_SCRIPT, END_SCRIPT, idOf, parseEntries } from './redis-scripts.js';
import { StreamFollower, type TopicKeys } from './stream-follower.js';

type ScriptedRedis = Redis & {
  appendEvents(...keysAndArguments: (string | number)[]): Promise<number>;
  endTopic(...keysAndArguments: (string | number)[]): Promise<number>;
};

const HEALTH_PATIENCE_MS = 2000;

/** Topics as Redis Streams: any process publishes, any process reads. */
export class RedisEventBus extends EventBus {
  private readonly limits: Omit<EventLimits, 'maxCharacters'>;
  private readonly commands: ScriptedRedis;
  private readonly follower: StreamFollower;
  private readonly publisher = randomUUID();
  private published = 0;
  private closed = false;

  constructor(
    url: string,
    private readonly prefix: string,
    limits: Partial<EventLimits> = {},
  ) {
    super();
    this.limits = { ...DEFAULT_EVENT_LIMITS, ...limits };
    this.commands = withScripts(createCommandClient(url));
    this.follower = new StreamFollower(
      createBlockingClient(url),
      this.commands,
      `${prefix}:wake:${this.publisher}`,
      this.limits.ttlMs,
    );
  }

  override async publishAll(topic: string, data: readonly string[], ends = false): Promise<number> {
    this.published += 1;
    const { maxEvents, ttlMs } = this.limits;
    const { stream, counters } = this.keysOf(topic);
    const limits = [maxEvents, ttlMs, ends ? 1 : 0];
    const from = [this.publisher, this.published];
    const first = await this.commands.appendEvents(stream, counters, ...from, ...limits, ...data);
    if (first === -1) throw new TopicEndedError(topic);
    return first;
  }

  override async *read(topic: string, { after, signal }: ReadOptions): AsyncIterable<BusEvent> {
    if (this.closed || signal.aborted) return;
    const keys = this.keysOf(topic);
    const reader = new LiveReader(after, !this.follower.isFirst(keys), (position) =>
      this.replay(keys.stream, position),
    );
    this.follower.add(keys, reader, after);
    try {
      yield* reader.follow(signal);
    } finally {
      this.follower.remove(keys, reader);
    }
  }

  override async end(topic: string): Promise<void> {
    const { stream, counters } = this.keysOf(topic);
    await this.commands.endTopic(stream, counters, this.limits.ttlMs);
  }

  override async exists(topic: string): Promise<boolean> {
    const { stream } = this.keysOf(topic);
    return (await this.commands.exists(stream)) === 1;
  }

  override async health(): Promise<BusHealth> {
    if (this.closed) return { status: 'down', engine: 'redis', reason: 'closed' };
    const patience = new AbortController();
    const slow = sleep(HEALTH_PATIENCE_MS, patience.signal).then(() => {
      throw new Error(`no answer within ${HEALTH_PATIENCE_MS} ms`);
    });
    slow.catch(() => undefined);
    try {
      await Promise.race([this.commands.ping(), slow]);
      return { status: 'ok', engine: 'redis' };
    } catch (error) {
      return { status: 'down', engine: 'redis', reason: errorMessage(error) };
    } finally {
      patience.abort();
    }
  }

  override async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.follower.close();
    await closeClient(this.commands);
  }

  /** The braces put both keys into one slot of a cluster. */
  private keysOf(topic: string): TopicKeys {
    return { stream: `${this.prefix}:{${topic}}:stream`, counters: `${this.prefix}:{${topic}}:counters` };
  }

  private async replay(stream: string, after: number): Promise<Replay> {
    return parseEntries(await this.commands.xrange(stream, `(${idOf(after)}`, '+'));
  }
}

function withScripts(client: Redis): ScriptedRedis {
  client.defineCommand('appendEvents', { numberOfKeys: 2, lua: APPEND_SCRIPT });
  client.defineCommand('endTopic', { numberOfKeys: 2, lua: END_SCRIPT });
  return client as ScriptedRedis;
}
