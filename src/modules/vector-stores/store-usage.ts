import type { FileCounts, StoreUsage } from './vector-stores.types.js';

/** How many files of a store or batch have a status, and their bytes. */
export interface StatusSum {
  groupId: string;
  status: keyof FileCounts;
  files: number;
  bytes: number;
  /** Per cents of them all together. */
  progress: number;
}

/** The sums of each of the groups. */
export function addUp(groupIds: readonly string[], sums: readonly StatusSum[]): Map<string, StoreUsage> {
  return new Map(groupIds.map((id) => [id, usageOf(sums.filter(({ groupId }) => groupId === id))]));
}

function usageOf(sums: readonly StatusSum[]): StoreUsage {
  const usage = noUsage();
  let underWay = 0;
  for (const { status, files, bytes, progress } of sums) {
    usage.counts[status] = files;
    usage.bytes += bytes;
    if (status === 'in_progress') underWay = progress;
  }
  usage.progress = progressOf(usage.counts, underWay);
  return usage;
}

export function noUsage(): StoreUsage {
  return { counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0 }, bytes: 0, progress: 100 };
}

export function totalOf(counts: FileCounts): number {
  return counts.in_progress + counts.completed + counts.failed + counts.cancelled;
}

/** Per cent of the files' ingestion together, rounded down: 100 only when nothing is left to do. */
function progressOf(counts: FileCounts, underWay: number): number {
  const total = totalOf(counts);
  if (total === 0) return 100;
  return Math.floor((100 * (total - counts.in_progress) + underWay) / total);
}
