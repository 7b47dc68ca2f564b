import type { FileCounts, VectorStoreRecord } from './vector-stores.types.js';

export type VectorStoreStatus = 'expired' | 'in_progress' | 'completed';

export function hasExpired({ expiresAt }: Pick<VectorStoreRecord, 'expiresAt'>, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** A store without files is completed, as on OpenAI's wire. */
export function statusOf(
  store: Pick<VectorStoreRecord, 'expiresAt'>,
  counts: FileCounts,
  now: Date,
): VectorStoreStatus {
  if (hasExpired(store, now)) return 'expired';
  return counts.in_progress > 0 ? 'in_progress' : 'completed';
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** When a store expires that was active at the given time; null: never. */
export function expiryOf(expiresAfterDays: number | null, lastActiveAt: Date): Date | null {
  return expiresAfterDays === null ? null : new Date(lastActiveAt.getTime() + expiresAfterDays * DAY_MS);
}
