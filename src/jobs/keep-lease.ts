import { sleep } from '@libs/kernel';
import type { Claim } from './claim.js';

/** So often a lease is prolonged before it would run out. */
const BEATS_A_LEASE = 3;

export interface LeaseKeeping {
  /** Asks the database to prolong the lease; false: it is another's by now. */
  prolong: () => Promise<boolean>;
  onLost: () => void;
  /** Ends the keeping. */
  signal: AbortSignal;
}

/** Keeps a claim's lease alive until the signal aborts. A lease that could not be renewed in time counts as lost. */
export async function keepLease(claim: Claim, { prolong, onLost, signal }: LeaseKeeping): Promise<void> {
  while (!signal.aborted) {
    await sleep(claim.leaseMs / BEATS_A_LEASE, signal);
    if (signal.aborted) return;
    const askedAt = performance.now();
    try {
      if (await prolong()) claim.prolong(askedAt);
      else onLost();
    } catch {
      // A lease that could not be renewed in time is another worker's to take.
      if (!claim.isLive) onLost();
    }
  }
}
