import type { BusEvent } from './event-bus.js';
import type { EventLimits } from './event-limits.js';

/** The front of the array is cut off in pieces of this size, so that dropping an event costs nothing. */
const CUT_AT = 1024;

/** The latest events of one topic, within limits. */
export class EventRing {
  private events: BusEvent[] = [];
  /** Index of the oldest event kept. */
  private head = 0;
  private characters = 0;
  private lastSequence = 0;

  constructor(private readonly limits: Pick<EventLimits, 'maxEvents' | 'maxCharacters'>) {}

  append(data: string): BusEvent {
    this.lastSequence += 1;
    const event = { sequence: this.lastSequence, data };
    this.events.push(event);
    this.characters += data.length;
    while (this.isOverfull()) this.dropOldest();
    return event;
  }

  /** Events after the sequence number that are still kept. */
  after(sequence: number): readonly BusEvent[] {
    const oldest = this.lastSequence - (this.events.length - this.head) + 1;
    return this.events.slice(this.head + Math.max(0, sequence + 1 - oldest));
  }

  private isOverfull(): boolean {
    const count = this.events.length - this.head;
    return count > this.limits.maxEvents || (count > 1 && this.characters > this.limits.maxCharacters);
  }

  private dropOldest(): void {
    this.characters -= this.events[this.head]?.data.length ?? 0;
    this.head += 1;
    if (this.head >= CUT_AT && this.head * 2 >= this.events.length) {
      this.events = this.events.slice(this.head);
      this.head = 0;
    }
  }
}
