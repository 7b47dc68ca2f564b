import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../common/principal.js';
import { FilesService } from '../../files/index.js';
import {
  StoreFilesService,
  VectorStoresService,
  type StoreFileRecord,
  type VectorStoreRecord,
} from '../../vector-stores/index.js';
import { noCollection } from './rag.errors.js';

export interface CollectionView {
  store: VectorStoreRecord;
  /** Those on their way and those that failed among them. */
  documents: number;
  chunks: number;
}

const MOST_COLLECTIONS = 1000;
const DOCUMENTS_AT_ONCE = 100;
const UPLOADED = 'collection_upload';

/** Marks a document that came into being with its place in a collection, and goes with it. */
export const UPLOAD_ATTRIBUTES = { [UPLOADED]: true };

/** A collection is the project's vector store of that name: of several the first that lives. */
@Injectable()
export class CollectionsService {
  constructor(
    private readonly stores: VectorStoresService,
    private readonly storeFiles: StoreFilesService,
    private readonly files: FilesService,
  ) {}

  /** The newest first. */
  async list(scope: TenantScope): Promise<CollectionView[]> {
    const stores = await this.stores.listNamed(scope, MOST_COLLECTIONS);
    const chunks = await this.storeFiles.chunkCounts(
      scope,
      stores.map(({ id }) => id),
    );
    return (await this.stores.withUsage(scope, stores)).map(({ store, usage: { counts } }) => ({
      store,
      documents: counts.completed + counts.in_progress + counts.failed + counts.cancelled,
      chunks: [...(chunks.get(store.id)?.values() ?? [])].reduce((sum, count) => sum + count, 0),
    }));
  }

  /** Null where there is one already. */
  create(scope: TenantScope, name: string): Promise<VectorStoreRecord | null> {
    return this.stores.createNamed(scope, name);
  }

  find(scope: TenantScope, name: string): Promise<VectorStoreRecord | null> {
    return this.stores.findNamed(scope, name);
  }

  /** Throws 404. */
  async demand(scope: TenantScope, name: string): Promise<VectorStoreRecord> {
    const store = await this.find(scope, name);
    if (!store) throw noCollection(name);
    return store;
  }

  /** With the documents that were uploaded into it; other files stay. Throws 404. */
  async delete(scope: TenantScope, name: string): Promise<void> {
    const { id: vectorStoreId } = await this.demand(scope, name);
    let after: string | undefined;
    do {
      const request = { limit: DOCUMENTS_AT_ONCE, order: 'asc' as const, after };
      const { items, hasMore } = await this.storeFiles.list(scope, { vectorStoreId }, request);
      for (const document of items) if (isUpload(document)) await this.files.delete(scope, document.fileId);
      after = hasMore ? items.at(-1)?.fileId : undefined;
    } while (after !== undefined);
    await this.stores.delete(scope, vectorStoreId);
  }

  /** The file, too, if it was uploaded into the collection. */
  async deleteDocument(scope: TenantScope, document: StoreFileRecord): Promise<void> {
    if (isUpload(document)) await this.files.delete(scope, document.fileId);
    else await this.stores.removeFile(scope, document.vectorStoreId, document.fileId);
  }
}

function isUpload({ attributes }: StoreFileRecord): boolean {
  return attributes[UPLOADED] === true;
}
