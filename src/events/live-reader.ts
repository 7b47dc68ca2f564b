import type { BusEvent } from './event-bus.js';

/** What a topic still holds after some event, and whether its end is among it. */
export interface Replay {
  events: readonly BusEvent[];
  ended: boolean;
}

/** Events that wait for a slow reader. With more, they are dropped here and fetched again from the topic. */
const MOST_WAITING = 4096;

/**
 * One reading of a topic: events are pushed in as they come, and `follow` hands them out, in order and each once, after
 * what has to be replayed.
 */
export class LiveReader {
  private waiting: BusEvent[] = [];
  private ended = false;
  private closed = false;
  private generation = 0;
  private wake: (() => void) | undefined;

  /** `behind`: the topic may hold earlier events than those that will be pushed. */
  constructor(
    private position: number,
    private behind: boolean,
    private readonly replay: (after: number) => Replay | Promise<Replay>,
  ) {}

  push(events: readonly BusEvent[]): void {
    if (this.waiting.length + events.length > MOST_WAITING) {
      this.waiting = [];
      this.behind = true;
    } else {
      for (const event of events) this.waiting.push(event);
    }
    this.awake();
  }

  /** No event follows those that were pushed. */
  end(): void {
    this.ended = true;
    this.awake();
  }

  /** The topic is gone; whatever comes next counts from 1 again. */
  restart(): void {
    this.generation += 1;
    this.position = 0;
    this.waiting = [];
    this.ended = false;
  }

  /** Stops at once, with events left over or not. */
  close(): void {
    this.closed = true;
    this.awake();
  }

  async *follow(signal: AbortSignal): AsyncGenerator<BusEvent, void, undefined> {
    const close = (): void => this.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      while (!this.closed && !signal.aborted) {
        const { generation } = this;
        const events = this.behind ? await this.catchUp() : this.take();
        for (const event of events) {
          if (this.isClosed()) return;
          if (generation !== this.generation) break;
          if (event.sequence <= this.position) continue;
          this.position = event.sequence;
          yield event;
        }
        if (this.behind || this.waiting.length > 0) continue;
        if (this.ended) return;
        await this.news();
      }
    } finally {
      signal.removeEventListener('abort', close);
    }
  }

  private async catchUp(): Promise<readonly BusEvent[]> {
    this.behind = false;
    const { generation } = this;
    const { events, ended } = await this.replay(this.position);
    if (ended && generation === this.generation) this.ended = true;
    return events;
  }

  private take(): readonly BusEvent[] {
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }

  private isClosed(): boolean {
    return this.closed;
  }

  private news(): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private awake(): void {
    this.wake?.();
    this.wake = undefined;
  }
}
