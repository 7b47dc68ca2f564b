import type { Claim } from './claim.js';
import { keepLease } from './keep-lease.js';

/** Watches over a row while a worker has it. */
export interface ClaimWatch {
  /** Aborts when the work is to stop: the row is no longer the worker's, or the process ends. */
  readonly signal: AbortSignal;
  /** The row is no longer this worker's. */
  readonly isLost: boolean;
  loseIt(): void;
  stop(): void;
}

/** @param prolong asks the database to prolong the lease; false: it is another's by now */
export function watchClaim(claim: Claim, prolong: () => Promise<boolean>, shutdown: AbortSignal): ClaimWatch {
  const losing = new AbortController();
  const watching = new AbortController();
  const loseIt = (): void => losing.abort();
  void keepLease(claim, { prolong, onLost: loseIt, signal: watching.signal });
  return {
    signal: AbortSignal.any([losing.signal, shutdown]),
    get isLost() {
      return losing.signal.aborted;
    },
    loseIt,
    stop: () => watching.abort(),
  };
}
