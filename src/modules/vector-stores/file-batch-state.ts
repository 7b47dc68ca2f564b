import { totalOf } from './store-usage.js';
import type { FileBatchRecord, FileCounts } from './vector-stores.types.js';

export type FileBatchStatus = 'in_progress' | 'completed' | 'cancelled' | 'failed';

/** A batch has failed when all of its files have. */
export function batchStatusOf(
  { cancelledAt }: Pick<FileBatchRecord, 'cancelledAt'>,
  counts: FileCounts,
): FileBatchStatus {
  if (cancelledAt !== null) return 'cancelled';
  if (counts.in_progress > 0) return 'in_progress';
  return counts.failed > 0 && counts.failed === totalOf(counts) ? 'failed' : 'completed';
}
