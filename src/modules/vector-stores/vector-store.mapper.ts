import { toUnixSeconds } from '@libs/kernel';
import type { Metadata } from '@libs/openai-wire';
import { totalOf } from './store-usage.js';
import { statusOf, type VectorStoreStatus } from './vector-store-state.js';
import type { FileCounts, StoreUsage, VectorStoreRecord } from './vector-stores.types.js';

export type WireFileCounts = FileCounts & { total: number };

export interface WireVectorStore {
  id: string;
  object: 'vector_store';
  created_at: number;
  name: string;
  description: string | null;
  usage_bytes: number;
  file_counts: WireFileCounts;
  status: VectorStoreStatus;
  expires_after?: { anchor: 'last_active_at'; days: number };
  expires_at: number | null;
  last_active_at: number;
  metadata: Metadata;
  /** Extension: per cent of the ingestion of all files. */
  progress: number;
  /** Extension: whether its documents are summarised, and searches go by that, too. */
  summaries: { enabled: boolean };
}

export function toWireVectorStore(store: VectorStoreRecord, usage: StoreUsage, now = new Date()): WireVectorStore {
  const { expiresAfterDays: days } = store;
  return {
    id: store.id,
    object: 'vector_store',
    created_at: toUnixSeconds(store.createdAt),
    name: store.name ?? '',
    description: store.description,
    usage_bytes: usage.bytes,
    file_counts: toWireCounts(usage.counts),
    status: statusOf(store, usage.counts, now),
    ...(days === null ? {} : { expires_after: { anchor: 'last_active_at', days } }),
    expires_at: toUnixSeconds(store.expiresAt),
    last_active_at: toUnixSeconds(store.lastActiveAt),
    metadata: store.metadata,
    progress: usage.progress,
    summaries: { enabled: store.hasSummaries },
  };
}

export function toWireCounts(counts: FileCounts): WireFileCounts {
  return { ...counts, total: totalOf(counts) };
}
