import { toUnixSeconds } from '@libs/kernel';
import type { Attributes, DocumentMetadata } from '@libs/retrieval';
import { toWireChunking, type WireChunking } from './chunking.js';
import type { StoreFileError, StoreFileRecord, StoreFileStatus, SummaryStatus } from './vector-stores.types.js';

export interface WireStoreFile {
  /** That of the file. */
  id: string;
  object: 'vector_store.file';
  created_at: number;
  vector_store_id: string;
  usage_bytes: number;
  status: StoreFileStatus;
  last_error: StoreFileError | null;
  chunking_strategy: WireChunking;
  attributes: Attributes;
  /** Extension: per cent of the ingestion. */
  progress: number;
  /** Extension: what the parser found besides the text. */
  document_metadata: DocumentMetadata | null;
  /** Extension: a few sentences on the document, in stores with `summaries`. */
  summary: string | null;
  /** Extension: null where none is made. */
  summary_status: SummaryStatus | null;
}

export function toWireStoreFile(file: StoreFileRecord): WireStoreFile {
  return {
    id: file.fileId,
    object: 'vector_store.file',
    created_at: toUnixSeconds(file.createdAt),
    vector_store_id: file.vectorStoreId,
    usage_bytes: file.usageBytes,
    status: file.status,
    last_error: file.lastError,
    chunking_strategy: toWireChunking(file.chunking),
    attributes: file.attributes,
    progress: file.progress,
    document_metadata: file.documentMetadata,
    summary: file.summary,
    summary_status: file.summaryStatus,
  };
}
