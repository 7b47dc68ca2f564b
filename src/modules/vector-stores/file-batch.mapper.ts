import { toUnixSeconds } from '@libs/kernel';
import { batchStatusOf, type FileBatchStatus } from './file-batch-state.js';
import { toWireCounts, type WireFileCounts } from './vector-store.mapper.js';
import type { FileBatchRecord, StoreUsage } from './vector-stores.types.js';

export interface WireFileBatch {
  id: string;
  object: 'vector_store.files_batch';
  created_at: number;
  vector_store_id: string;
  status: FileBatchStatus;
  file_counts: WireFileCounts;
  /** Extension: per cent of the ingestion of all files. */
  progress: number;
}

export function toWireFileBatch({ batch, usage }: { batch: FileBatchRecord; usage: StoreUsage }): WireFileBatch {
  return {
    id: batch.id,
    object: 'vector_store.files_batch',
    created_at: toUnixSeconds(batch.createdAt),
    vector_store_id: batch.vectorStoreId,
    status: batchStatusOf(batch, usage.counts),
    file_counts: toWireCounts(usage.counts),
    progress: usage.progress,
  };
}
