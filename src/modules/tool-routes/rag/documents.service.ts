import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { DetailError } from '../../../common/errors/index.js';
import type { TenantScope } from '../../../common/principal.js';
import { FileFormsService, FilesService, type FileRecord } from '../../files/index.js';
import {
  StoreFilesService,
  VectorStoresService,
  type StoreFileRecord,
  type VectorStoreRecord,
} from '../../vector-stores/index.js';
import { CollectionsService, UPLOAD_ATTRIBUTES } from './collections.service.js';
import { noDocument } from './rag.errors.js';
import { uploadForm } from './upload-form.js';

/** Clients of the third seed wait for 300 seconds, as its README tells them. */
const UPLOAD_PATIENCE_MS = 240_000;
const MOST_DOCUMENTS = 1000;

export interface UploadedDocument {
  id: string;
  name: string;
  /** Whether it can be found already. */
  isThere: boolean;
  chunks: number;
  /** Of the collection. */
  totalChunks: number;
}

export interface DocumentView {
  document: StoreFileRecord;
  name: string;
  chunks: number;
}

export interface DocumentsView {
  /** The newest first. */
  documents: DocumentView[];
  totalDocuments: number;
  totalChunks: number;
}

export interface DeletedDocument {
  name: string;
  chunks: number;
  remainingDocuments: number;
  remainingChunks: number;
}

/** Documents of collections. */
@Injectable()
export class DocumentsService {
  constructor(
    private readonly collections: CollectionsService,
    private readonly forms: FileFormsService,
    private readonly files: FilesService,
    private readonly stores: VectorStoresService,
    private readonly storeFiles: StoreFilesService,
  ) {}

  /** Waits until the document can be found, or for a while. One that cannot be read leaves nothing and throws 422. */
  async upload(scope: TenantScope, request: IncomingMessage, signal: AbortSignal): Promise<UploadedDocument> {
    const form = uploadForm((name) => this.collections.demand(scope, name));
    const { fields, files } = await this.forms.receiveAll(scope, request, form);
    const [file] = files;
    if (!file) throw new Error('A form without a file was accepted.');
    const { collection } = fields;
    const document = await this.ingest(scope, collection, file, signal);
    const counts = await this.chunkCounts(scope, collection);
    return {
      id: file.id,
      name: file.filename,
      isThere: document.status === 'completed',
      chunks: counts.get(file.id) ?? 0,
      totalChunks: sumOf(counts),
    };
  }

  /** Throws 404. */
  async list(scope: TenantScope, name: string): Promise<DocumentsView> {
    const collection = await this.collections.demand(scope, name);
    const { items } = await this.storeFiles.list(scope, { vectorStoreId: collection.id }, { limit: MOST_DOCUMENTS });
    const counts = await this.chunkCounts(scope, collection);
    const files = await this.files.findMany(
      scope,
      items.map(({ fileId }) => fileId),
    );
    const names = new Map(files.map(({ id, filename }) => [id, filename]));
    return {
      documents: items.map((document) => ({
        document,
        name: names.get(document.fileId) ?? document.fileId,
        chunks: counts.get(document.fileId) ?? 0,
      })),
      totalDocuments: await this.documentCount(scope, collection),
      totalChunks: sumOf(counts),
    };
  }

  /** Throws 404. */
  async delete(scope: TenantScope, name: string, id: string): Promise<DeletedDocument> {
    const collection = await this.collections.demand(scope, name);
    const document = await this.storeFiles.find(scope, collection.id, id);
    if (!document) throw noDocument(id, name);
    const [file] = await this.files.findMany(scope, [id]);
    const counts = await this.chunkCounts(scope, collection);
    await this.collections.deleteDocument(scope, document);
    const chunks = counts.get(id) ?? 0;
    return {
      name: file?.filename ?? id,
      chunks,
      remainingDocuments: await this.documentCount(scope, collection),
      remainingChunks: sumOf(counts) - chunks,
    };
  }

  private async ingest(
    scope: TenantScope,
    { id: storeId }: VectorStoreRecord,
    file: FileRecord,
    signal: AbortSignal,
  ): Promise<StoreFileRecord> {
    try {
      await this.stores.addFile(scope, storeId, { fileId: file.id, attributes: UPLOAD_ATTRIBUTES });
    } catch (error) {
      // The collection went meanwhile.
      await this.files.delete(scope, file.id);
      throw error;
    }
    const patience = { patienceMs: UPLOAD_PATIENCE_MS, signal };
    const document = await this.stores.waitForFile(scope, storeId, file.id, patience);
    if (document.status === 'completed' || document.status === 'in_progress') return document;
    await this.files.delete(scope, file.id);
    throw unreadable(document);
  }

  private async chunkCounts(scope: TenantScope, { id }: VectorStoreRecord): Promise<ReadonlyMap<string, number>> {
    return (await this.storeFiles.chunkCounts(scope, [id])).get(id) ?? new Map<string, number>();
  }

  private async documentCount(scope: TenantScope, collection: VectorStoreRecord): Promise<number> {
    const [found] = await this.stores.withUsage(scope, [collection]);
    return Object.values(found?.usage.counts ?? {}).reduce((sum, count) => sum + count, 0);
  }
}

/** What an ingestion that failed says to whoever uploaded the document. */
function unreadable({ status, lastError }: StoreFileRecord): DetailError {
  if (status === 'cancelled' || lastError === null) {
    return new DetailError(409, 'The document was taken out of the collection before it could be read.');
  }
  return new DetailError(lastError.code === 'server_error' ? 500 : 422, lastError.message);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
