import type { Cancellation } from '@libs/kernel';
import { ModelError } from '../ports/model-error.js';

export interface SlotLimits {
  /** At once. */
  max: number;
  queueLength: number;
  /** Longest wait, in milliseconds. */
  queueMs: number;
}

type Release = () => void;

/** The code of errors about the queue: whoever has waited here is not to wait again. */
export const SERVER_BUSY = 'server_busy';

interface Waiter {
  admit: () => void;
}

const NOTHING_HELD: Release = () => undefined;

/** The requests that one server may be at work on, and those that wait for their turn. */
export class Slots {
  #taken = 0;
  readonly #waiting = new Set<Waiter>();

  constructor(
    private readonly server: string,
    private limits: SlotLimits | undefined,
  ) {}

  get areLimited(): boolean {
    return this.limits !== undefined;
  }

  /** For what is asked from now on; who waits is let in as slots are freed. */
  limitTo(limits: SlotLimits): void {
    this.limits = limits;
  }

  get areAllTaken(): boolean {
    return this.limits !== undefined && this.#taken >= this.limits.max;
  }

  /**
   * Waits for a slot; the function it gives frees it, and does nothing when called again. ModelError 'rate_limited' where
   * the queue is full, 'unavailable' after too long a wait, 'aborted'.
   */
  async acquire(signal?: Cancellation): Promise<Release> {
    const { limits } = this;
    if (limits === undefined) return NOTHING_HELD;
    if (this.#taken >= limits.max) {
      if (this.#waiting.size >= limits.queueLength) throw this.#queueFull(limits);
      await this.#turn(limits, signal);
    } else {
      this.#taken += 1;
    }
    let isHeld = true;
    return () => {
      if (isHeld) this.#free();
      isHeld = false;
    };
  }

  /** A freed slot goes to who waits for longest, without ever being free. */
  #free(): void {
    const [next] = this.#waiting;
    if (next) next.admit();
    else this.#taken -= 1;
  }

  #turn({ queueMs }: SlotLimits, signal: Cancellation | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { admit: () => leave(resolve) };
      const leave = (settle: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(waiter);
        settle();
      };
      const onAbort = (): void => leave(() => reject(new ModelError('aborted', 'The model call was aborted.')));
      const timer = setTimeout(() => leave(() => reject(this.#waitedTooLong(queueMs))), queueMs);
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort);
      this.#waiting.add(waiter);
    });
  }

  #queueFull({ queueMs }: SlotLimits): ModelError {
    const message = `The model server ${this.server} is busy, and too many requests wait for it already.`;
    return new ModelError('rate_limited', message, { retryAfterMs: queueMs, code: SERVER_BUSY });
  }

  #waitedTooLong(queueMs: number): ModelError {
    const message = `The model server ${this.server} was busy for more than ${queueMs / 1000} seconds.`;
    return new ModelError('unavailable', message, { status: 503, code: SERVER_BUSY });
  }
}
