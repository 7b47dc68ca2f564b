import type { CollectionDto, DocumentDto, UploadedDocumentDto } from '../dto/rag.dto.js';
import type { CollectionView } from './collections.service.js';
import type { DocumentView, UploadedDocument } from './documents.service.js';

export function toCollectionDto({ store, documents, chunks }: CollectionView): CollectionDto {
  return {
    name: store.name ?? '',
    documents,
    chunks,
    created_at: toSeconds(store.createdAt),
    vector_store_id: store.id,
  };
}

export function toUploadedDto({ id, name, isThere, chunks, totalChunks }: UploadedDocument): UploadedDocumentDto {
  return {
    success: true,
    document_name: name,
    document_id: id,
    status: isThere ? 'completed' : 'in_progress',
    chunks_created: chunks,
    total_chunks: totalChunks,
  };
}

export function toDocumentDto({ document, name, chunks }: DocumentView): DocumentDto {
  return {
    id: document.fileId,
    name,
    path: name,
    chunks,
    uploaded_at: toSeconds(document.createdAt),
    status: document.status,
    error: document.lastError?.message ?? null,
  };
}

/** The third seed's times have fractions. */
function toSeconds(time: Date): number {
  return time.getTime() / 1000;
}
