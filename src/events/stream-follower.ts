import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { errorMessage, sleep } from '@libs/kernel';
import { closeClient } from '../common/redis-clients.js';
import type { LiveReader } from './live-reader.js';
import { idOf, parseEntries, type StreamEntry } from './redis-scripts.js';

/** Must stay well below the silence limit of a connection. */
const LONGEST_WAIT_MS = 5000;
const MOST_ENTRIES_AT_ONCE = 500;
const PAUSE_AFTER_ERROR_MS = 500;
const WAKE_LIFE_MS = 60_000;

/** Where Redis keeps a topic. */
export interface TopicKeys {
  stream: string;
  /** Hash with the last sequence number, the end, and the counts of the publishers. */
  counters: string;
}

/** One stream that somebody in this process follows. */
interface Feed {
  counters: string;
  readers: Set<LiveReader>;
  /** Id of the last entry that was handed to the readers. */
  lastId: string;
}

/**
 * Follows all streams of this process over one blocking connection: an XREAD that names them all. A stream of its own
 * wakes it when another one is to be followed, because a blocked connection takes no command.
 */
export class StreamFollower {
  private readonly logger = new Logger('EventBus');
  private readonly feeds = new Map<string, Feed>();
  /** Short enough to see that a stream's time was over before the time of its successor is. */
  private readonly waitMs: number;
  private wakeId = '0-0';
  private checkedAt = Date.now();
  private running = false;
  private closed = false;

  constructor(
    private readonly blocking: Redis,
    private readonly commands: Redis,
    private readonly wakeKey: string,
    ttlMs: number,
  ) {
    this.waitMs = Math.min(LONGEST_WAIT_MS, Math.ceil(ttlMs / 4));
  }

  /** True where the reader is the first of its stream and needs no replay: it is given all that is after `sequence`. */
  isFirst({ stream }: TopicKeys): boolean {
    return !this.feeds.has(stream);
  }

  add({ stream, counters }: TopicKeys, reader: LiveReader, sequence: number): void {
    const feed = this.feeds.get(stream);
    if (feed !== undefined) {
      feed.readers.add(reader);
      return;
    }
    this.feeds.set(stream, { counters, readers: new Set([reader]), lastId: idOf(sequence) });
    if (this.running) this.wake();
    else void this.run();
  }

  remove({ stream }: TopicKeys, reader: LiveReader): void {
    const feed = this.feeds.get(stream);
    feed?.readers.delete(reader);
    if (feed?.readers.size === 0) this.feeds.delete(stream);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { readers } of this.feeds.values()) for (const reader of readers) reader.close();
    this.feeds.clear();
    // Not politely: a farewell would wait behind the read that blocks.
    if (this.blocking.status === 'ready') this.blocking.disconnect();
    else await closeClient(this.blocking);
    if (this.commands.status === 'ready') await this.commands.del(this.wakeKey).catch(() => undefined);
  }

  private wake(): void {
    const waking = this.commands
      .multi()
      .xadd(this.wakeKey, 'MAXLEN', 1, '*', 'wake', '1')
      .pexpire(this.wakeKey, WAKE_LIFE_MS)
      .exec();
    waking.catch((error: unknown) => this.logger.warn(errorMessage(error)));
  }

  private async run(): Promise<void> {
    this.running = true;
    while (!this.closed && this.feeds.size > 0) {
      try {
        await this.readOnce();
      } catch (error) {
        if (this.closed) return;
        this.logger.warn(`Following events: ${errorMessage(error)}`);
        await sleep(PAUSE_AFTER_ERROR_MS);
      }
    }
    this.running = false;
  }

  private async readOnce(): Promise<void> {
    const feeds = [...this.feeds];
    const keys = [this.wakeKey, ...feeds.map(([key]) => key)];
    const ids = [this.wakeId, ...feeds.map(([, { lastId }]) => lastId)];
    const answer = await this.blocking.xread(
      'COUNT',
      MOST_ENTRIES_AT_ONCE,
      'BLOCK',
      this.waitMs,
      'STREAMS',
      ...keys,
      ...ids,
    );
    const asked = new Map(feeds);
    for (const [key, entries] of answer ?? []) {
      if (key === this.wakeKey) this.wakeId = entries.at(-1)?.[0] ?? this.wakeId;
      // One that was left meanwhile may have a successor, which begins elsewhere: what lies between would be passed over.
      else if (this.feeds.get(key) === asked.get(key)) this.handOut(key, entries);
    }
    if (Date.now() - this.checkedAt >= this.waitMs) await this.restartExpired();
  }

  private handOut(key: string, entries: StreamEntry[]): void {
    const lastId = entries.at(-1)?.[0];
    const feed = this.feeds.get(key);
    if (feed === undefined || lastId === undefined) return;
    feed.lastId = lastId;
    const { events, ended } = parseEntries(entries);
    for (const reader of feed.readers) {
      reader.push(events);
      if (ended) reader.end();
    }
    if (ended) this.feeds.delete(key);
  }

  /** A stream whose time is over begins again at 1; who still follows it at a higher number would never see that. */
  private async restartExpired(): Promise<void> {
    this.checkedAt = Date.now();
    const feeds = [...this.feeds.values()];
    const lasts = await Promise.all(feeds.map(({ counters }) => this.commands.hget(counters, 'sequence')));
    for (const [index, feed] of feeds.entries()) {
      if (Number(lasts[index] ?? 0) >= Number.parseInt(feed.lastId, 10)) continue;
      feed.lastId = idOf(0);
      for (const reader of feed.readers) reader.restart();
    }
  }
}
