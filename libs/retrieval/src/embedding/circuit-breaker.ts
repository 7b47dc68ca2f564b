import { systemClock, type Clock } from '@libs/kernel';

/** Milliseconds. */
const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 600_000;

/** Keeps those who cannot wait from asking a server that has just failed; each further failure doubles the pause. */
export class CircuitBreaker {
  private pause = 0;
  private until = 0;

  constructor(private readonly clock: Clock = systemClock) {}

  get isOpen(): boolean {
    return this.clock.now() < this.until;
  }

  failed(): void {
    this.pause = Math.min(LONGEST_PAUSE, this.pause === 0 ? FIRST_PAUSE : 2 * this.pause);
    this.until = this.clock.now() + this.pause;
  }

  succeeded(): void {
    this.pause = 0;
    this.until = 0;
  }
}
