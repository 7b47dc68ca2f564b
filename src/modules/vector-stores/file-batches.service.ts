import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import { notFound } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import { ChunkSetCollector } from './chunk-set-collector.js';
import { ChunkSetsRepository } from './chunk-sets.repository.js';
import { batchStatusOf } from './file-batch-state.js';
import { FileBatchesRepository } from './file-batches.repository.js';
import { StoreFilesRepository, type StoreFileListRequest } from './store-files.repository.js';
import { StoreFilesService } from './store-files.service.js';
import { cannotCancelBatch } from './vector-stores.errors.js';
import { VectorStoresService } from './vector-stores.service.js';
import type { FileBatchRecord, NewStoreFile, StoreFileRecord, StoreUsage } from './vector-stores.types.js';

export interface FileBatchWithUsage {
  batch: FileBatchRecord;
  usage: StoreUsage;
}

/** Files that come into a store together. */
@Injectable()
export class FileBatchesService {
  constructor(
    private readonly database: Database,
    private readonly stores: VectorStoresService,
    private readonly storeFiles: StoreFilesService,
    private readonly repository: StoreFilesRepository,
    private readonly batches: FileBatchesRepository,
    private readonly sets: ChunkSetsRepository,
    private readonly collector: ChunkSetCollector,
  ) {}

  create(scope: TenantScope, vectorStoreId: string, files: readonly NewStoreFile[]): Promise<FileBatchWithUsage> {
    return this.database.transaction(async () => {
      await this.stores.hold(scope, vectorStoreId);
      const batch = await this.batches.insert(scope, {
        id: newId('vectorStoreFileBatch'),
        vectorStoreId,
        cancelledAt: null,
      });
      await this.storeFiles.put(scope, { vectorStoreId, batchId: batch.id }, files);
      return this.withUsage(scope, batch);
    });
  }

  /** Throws 404. */
  async get(scope: TenantScope, vectorStoreId: string, id: string): Promise<FileBatchWithUsage> {
    const batch = await this.batches.find(scope, id, { vectorStoreId });
    if (!batch) throw notFound('file batch', id);
    return this.withUsage(scope, batch);
  }

  async listFiles(
    scope: TenantScope,
    vectorStoreId: string,
    id: string,
    request: StoreFileListRequest,
  ): Promise<Page<StoreFileRecord>> {
    await this.get(scope, vectorStoreId, id);
    return this.storeFiles.list(scope, { vectorStoreId, batchId: id }, request);
  }

  /** Ends what is not there yet; files that are stay. Throws 400 where nothing is under way, or the store has expired. */
  async cancel(scope: TenantScope, vectorStoreId: string, id: string): Promise<FileBatchWithUsage> {
    const cancelled = await this.database.transaction(async () => {
      await this.stores.hold(scope, vectorStoreId);
      const batch = await this.batches.lock(scope, id, { vectorStoreId });
      if (!batch) throw notFound('file batch', id);
      const { usage } = await this.withUsage(scope, batch);
      const status = batchStatusOf(batch, usage.counts);
      if (status !== 'in_progress') throw cannotCancelBatch(status);
      await this.sets.forsake(scope, await this.repository.cancelBatch(scope, id));
      await this.batches.update(scope, id, { cancelledAt: new Date() });
      return this.get(scope, vectorStoreId, id);
    });
    this.database.afterCommit(() => this.collector.collectSoon());
    return cancelled;
  }

  private async withUsage(scope: TenantScope, batch: FileBatchRecord): Promise<FileBatchWithUsage> {
    return { batch, usage: await this.repository.usageOfBatch(scope, batch.id) };
  }
}
