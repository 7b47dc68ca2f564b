/** What a topic may keep, and for how long. */
export interface EventLimits {
  /** A topic is gone this long after its last event. */
  ttlMs: number;
  /** The oldest events make room; a reader that comes too late sees the sequence jump. */
  maxEvents: number;
  /** Of UTF-16 text; kept by the ring in this process only, as Redis counts events. */
  maxCharacters: number;
}

/** A run's stream may be fetched again for an hour; the longest answers have some ten thousand tokens. */
export const DEFAULT_EVENT_LIMITS: EventLimits = {
  ttlMs: 60 * 60 * 1000,
  maxEvents: 50_000,
  maxCharacters: 16 * 1024 * 1024,
};

/** Somebody publishes to a topic after its end. */
export class TopicEndedError extends Error {
  constructor(readonly topic: string) {
    super(`The topic '${topic}' has ended.`);
    this.name = 'TopicEndedError';
  }
}
