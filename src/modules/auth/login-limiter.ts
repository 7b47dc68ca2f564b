import { systemClock, type Clock } from '@libs/kernel';

const MOST_FAILURES = 10;
const WINDOW_MS = 5 * 60 * 1000;
const MOST_KEYS = 10_000;

interface Attempts {
  count: number;
  endsAt: number;
}

/**
 * Counts login attempts by key (username and address) in windows of five minutes. An attempt counts from its start, so
 * that many at once gain nothing; a successful one clears the count. Bounded: the oldest key gives way.
 */
export class LoginLimiter {
  private readonly attempts = new Map<string, Attempts>();

  constructor(private readonly clock: Clock = systemClock) {}

  /** Undefined when the attempt may go on, else the seconds to wait. */
  begin(key: string): number | undefined {
    const now = this.clock.now();
    const known = this.attempts.get(key);
    if (known === undefined || known.endsAt <= now) {
      this.attempts.delete(key);
      this.makeRoom();
      this.attempts.set(key, { count: 1, endsAt: now + WINDOW_MS });
      return undefined;
    }
    if (known.count >= MOST_FAILURES) return Math.ceil((known.endsAt - now) / 1000);
    known.count += 1;
    return undefined;
  }

  succeed(key: string): void {
    this.attempts.delete(key);
  }

  private makeRoom(): void {
    if (this.attempts.size < MOST_KEYS) return;
    const oldest = this.attempts.keys().next();
    if (!oldest.done) this.attempts.delete(oldest.value);
  }
}
