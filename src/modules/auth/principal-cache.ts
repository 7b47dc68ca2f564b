import { systemClock, type Clock } from '@libs/kernel';
import type { Principal } from '../../common/principal.js';

/** How long a revoked credential may still be taken. */
const TIME_TO_LIVE_MS = 5000;
const MOST_ENTRIES = 10_000;

/**
 * Spares a busy client's requests the database. Only principals that were found are kept: what is refused is asked
 * anew each time, so a fresh credential works at once.
 */
export class PrincipalCache {
  private readonly entries = new Map<string, { principal: Principal; endsAt: number }>();

  constructor(private readonly clock: Clock = systemClock) {}

  get(key: string): Principal | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.endsAt > this.clock.now()) return entry.principal;
    this.entries.delete(key);
    return undefined;
  }

  /** The oldest entry gives way where there are too many; all have the same time to live. */
  set(key: string, principal: Principal): void {
    this.entries.delete(key);
    this.entries.set(key, { principal, endsAt: this.clock.now() + TIME_TO_LIVE_MS });
    if (this.entries.size <= MOST_ENTRIES) return;
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }
}
