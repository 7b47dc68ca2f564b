import { EventBus, type BusEvent, type BusHealth, type ReadOptions } from './event-bus.js';
import { DEFAULT_EVENT_LIMITS, TopicEndedError, type EventLimits } from './event-limits.js';
import { EventRing } from './event-ring.js';
import { LiveReader } from './live-reader.js';

interface Topic {
  ring: EventRing;
  readers: Set<LiveReader>;
  /** Milliseconds since 1970 of the last event or the end; undefined before the first. */
  writtenAt: number | undefined;
  ended: boolean;
}

const MOST_SWEEP_MS = 60_000;

/** Topics in the memory of this process. */
export class InProcessEventBus extends EventBus {
  private readonly topics = new Map<string, Topic>();
  private readonly limits: EventLimits;
  private readonly sweeper: NodeJS.Timeout;
  private closed = false;

  constructor(limits: Partial<EventLimits> = {}) {
    super();
    this.limits = { ...DEFAULT_EVENT_LIMITS, ...limits };
    this.sweeper = setInterval(() => this.sweep(), Math.min(this.limits.ttlMs / 4, MOST_SWEEP_MS));
    this.sweeper.unref();
  }

  /** Topics in memory, those that are only waited for among them. */
  get size(): number {
    return this.topics.size;
  }

  override async publishAll(name: string, data: readonly string[], ends = false): Promise<number> {
    const topic = this.topicOf(name);
    if (topic.ended) throw new TopicEndedError(name);
    const news = data.map((each) => topic.ring.append(each));
    topic.writtenAt = Date.now();
    for (const reader of topic.readers) reader.push(news);
    if (ends) await this.end(name);
    return news[0]?.sequence ?? 0;
  }

  override async *read(name: string, { after, signal }: ReadOptions): AsyncIterable<BusEvent> {
    if (this.closed || signal.aborted) return;
    const topic = this.topicOf(name);
    const reader = new LiveReader(after, true, (position) => ({
      events: topic.ring.after(position),
      ended: topic.ended,
    }));
    topic.readers.add(reader);
    try {
      yield* reader.follow(signal);
    } finally {
      topic.readers.delete(reader);
      this.dropIfUseless(name, topic);
    }
  }

  override end(name: string): Promise<void> {
    const topic = this.topicOf(name);
    topic.ended = true;
    topic.writtenAt = Date.now();
    for (const reader of topic.readers) reader.end();
    return Promise.resolve();
  }

  override exists(name: string): Promise<boolean> {
    const topic = this.topics.get(name);
    return Promise.resolve(topic?.writtenAt !== undefined && !this.isOver(topic));
  }

  override health(): Promise<BusHealth> {
    return Promise.resolve({ status: this.closed ? 'down' : 'ok', engine: 'in-process' });
  }

  override close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweeper);
    for (const { readers } of this.topics.values()) for (const reader of readers) reader.close();
    this.topics.clear();
    return Promise.resolve();
  }

  private topicOf(name: string): Topic {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = { ring: new EventRing(this.limits), readers: new Set(), writtenAt: undefined, ended: false };
      this.topics.set(name, topic);
    } else if (this.isOver(topic)) {
      this.restart(topic);
    }
    return topic;
  }

  private isOver({ writtenAt }: Topic): boolean {
    return writtenAt !== undefined && Date.now() - writtenAt > this.limits.ttlMs;
  }

  private restart(topic: Topic): void {
    Object.assign(topic, { ring: new EventRing(this.limits), writtenAt: undefined, ended: false });
    for (const reader of topic.readers) reader.restart();
  }

  private sweep(): void {
    for (const [name, topic] of this.topics) {
      if (this.isOver(topic)) this.restart(topic);
      this.dropIfUseless(name, topic);
    }
  }

  private dropIfUseless(name: string, topic: Topic): void {
    const useless = topic.readers.size === 0 && topic.writtenAt === undefined;
    if (useless && this.topics.get(name) === topic) this.topics.delete(name);
  }
}
