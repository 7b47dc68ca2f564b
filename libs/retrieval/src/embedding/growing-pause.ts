import { systemClock, type Clock } from '@libs/kernel';

/** Milliseconds. */
const FIRST_LENGTH = 60_000;
const LONGEST = 600_000;

/** Keeps those who cannot wait from asking a server that has just failed; each further failure doubles the pause. */
export class GrowingPause {
  private length = 0;
  private until = 0;

  constructor(private readonly clock: Clock = systemClock) {}

  get isOn(): boolean {
    return this.clock.now() < this.until;
  }

  failed(): void {
    this.length = Math.min(LONGEST, this.length === 0 ? FIRST_LENGTH : 2 * this.length);
    this.until = this.clock.now() + this.length;
  }

  succeeded(): void {
    this.length = 0;
    this.until = 0;
  }
}
