import type { FileCounts, StoreUsage } from './vector-stores.types.js';

/** How many files of a store or batch have a status, and their bytes. */
export interface StatusSum {
  groupId: string;
  status: keyof FileCounts;
  files: number;
  bytes: number;
}

export function noUsage(): StoreUsage {
  return { counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0 }, bytes: 0 };
}

/** The sums of each of the groups. */
export function addUp(groupIds: readonly string[], sums: readonly StatusSum[]): Map<string, StoreUsage> {
  const usages = new Map(groupIds.map((id) => [id, noUsage()]));
  for (const { groupId, status, files, bytes } of sums) {
    const usage = usages.get(groupId);
    if (!usage) continue;
    usage.counts[status] = files;
    usage.bytes += bytes;
  }
  return usages;
}

export function totalOf(counts: FileCounts): number {
  return counts.in_progress + counts.completed + counts.failed + counts.cancelled;
}
