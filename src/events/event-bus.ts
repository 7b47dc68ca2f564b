/** One event as readers see it. `sequence` counts from 1 within its topic, without gaps. */
export interface BusEvent {
  sequence: number;
  data: string;
}

export interface ReadOptions {
  /** Events after this sequence number; 0 reads from the start. */
  after: number;
  /** Ends the reading; the iterable then finishes without an error. */
  signal: AbortSignal;
}

export interface BusHealth {
  status: 'ok' | 'down';
  engine: 'in-process' | 'redis';
  reason?: string;
}

/**
 * A log of events per topic that any process can follow live. A topic lives until `ttlMs` after its
 * last event; then it is gone, and reading it waits for new ones.
 */
export abstract class EventBus {
  /**
   * Appends and returns the event's sequence number. Appends of one caller keep their order, also when it does not wait
   * for one before the next. Throws TopicEndedError after the end.
   */
  publish(topic: string, data: string): Promise<number> {
    return this.publishAll(topic, [data]);
  }

  /**
   * The same for several events at once, between which no other comes, and for the end behind them where `ends` says so.
   * Returns the sequence number of the first.
   */
  abstract publishAll(topic: string, data: readonly string[], ends?: boolean): Promise<number>;
  /**
   * Replays what the topic still holds after `after`, then follows it live until the signal aborts or
   * the topic is closed. No event twice, none out of order.
   */
  abstract read(topic: string, options: ReadOptions): AsyncIterable<BusEvent>;
  /** Marks the end: readers finish once they have seen every event. It stays replayable until its time is over. */
  abstract end(topic: string): Promise<void>;
  /** False for a topic never written or already gone. */
  abstract exists(topic: string): Promise<boolean>;
  abstract health(): Promise<BusHealth>;
  abstract close(): Promise<void>;
}
