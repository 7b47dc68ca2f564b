import { randomUUID } from 'node:crypto';

/**
 * A worker's claim of the row behind a job: one of each claim, not of each process, so that an earlier claim's late end
 * does not end a later one's lease.
 *
 * It knows by itself when its lease ran out. A process that stood still for longer would otherwise go on with work that
 * another worker has taken meanwhile, before it hears of that.
 */
export class Claim {
  readonly token = randomUUID();
  private endsAt: number;
  private givenUp = false;

  /** Made before the database is asked, so that it never outlives what the database notes. */
  constructor(readonly leaseMs: number) {
    this.endsAt = performance.now() + leaseMs;
  }

  get isLive(): boolean {
    return performance.now() < this.endsAt;
  }

  /** The work has ended the lease with what it wrote last: nothing is left to be given back. */
  get isGivenUp(): boolean {
    return this.givenUp;
  }

  giveUp(): void {
    this.givenUp = true;
  }

  /** @param askedAt the value of `performance.now()` before the database was asked to prolong the lease */
  prolong(askedAt: number): void {
    this.endsAt = askedAt + this.leaseMs;
  }
}
