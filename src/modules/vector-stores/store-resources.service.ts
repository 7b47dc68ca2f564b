import { Injectable } from '@nestjs/common';
import { invalidRequest, type ToolResources } from '@libs/openai-wire';
import { toToolResources, type ToolResourcesDto } from '../../common/dto/index.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { toChunking } from './chunking.js';
import type { CreateToolResourcesDto, InlineVectorStoreDto } from './dto/create-tool-resources.dto.js';
import { StoreFilesService } from './store-files.service.js';
import { hasExpired } from './vector-store-state.js';
import { VectorStoresRepository } from './vector-stores.repository.js';
import { VectorStoresService } from './vector-stores.service.js';

/** What OpenAI gives a thread's store that a message's attachments make (openai-wire.md section 7). */
const DAYS_OF_ATTACHMENTS = 7;
const PLACE = 'tool_resources.file_search.vector_stores';

/** The stores of assistants and threads: those that `tool_resources` names or asks for, and those of attachments. */
@Injectable()
export class StoreResources {
  constructor(
    private readonly database: Database,
    private readonly stores: VectorStoresService,
    private readonly repository: VectorStoresRepository,
    private readonly storeFiles: StoreFilesService,
  ) {}

  /**
   * The resources as they are kept. Stores that are named must be there; one that is asked for is made, in the caller's
   * transaction. Throws 404 for a store or file that is missing, and 400.
   */
  async resolve(
    scope: TenantScope,
    dto: ToolResourcesDto | CreateToolResourcesDto | null | undefined,
  ): Promise<ToolResources> {
    const resources = toToolResources(dto);
    const named = resources.file_search?.vector_store_ids ?? [];
    const [wanted] = (dto?.file_search && 'vector_stores' in dto.file_search && dto.file_search.vector_stores) || [];
    if (wanted === undefined) {
      await this.stores.demand(scope, named);
      return resources;
    }
    if (named.length > 0) {
      const text = "Give either 'vector_store_ids' or 'vector_stores' of file_search, not both.";
      throw invalidRequest(text, PLACE, 'invalid_value');
    }
    const { id } = await this.make(scope, wanted);
    return { ...resources, file_search: { vector_store_ids: [id] } };
  }

  /**
   * Puts files that messages attach for file_search into the thread's store, in the caller's transaction; makes one
   * where the thread has none that lives. A file that is there already stays as it is.
   */
  async attach(scope: TenantScope, resources: ToolResources, fileIds: readonly string[]): Promise<ToolResources> {
    if (fileIds.length === 0) return resources;
    const storeId = await this.livingStore(scope, resources.file_search?.vector_store_ids ?? []);
    if (storeId !== undefined) {
      await this.addMissing(scope, storeId, fileIds);
      return resources;
    }
    const files = fileIds.map((fileId) => ({ fileId }));
    const { id } = await this.stores.create(scope, { expiresAfterDays: DAYS_OF_ATTACHMENTS, files });
    return { ...resources, file_search: { vector_store_ids: [id] } };
  }

  private make(
    scope: TenantScope,
    { file_ids: fileIds, chunking_strategy: strategy, metadata, summaries }: InlineVectorStoreDto,
  ): Promise<{ id: string }> {
    const chunking = toChunking(strategy, `${PLACE}[0].chunking_strategy`);
    const files = (fileIds ?? []).map((fileId) => ({ fileId, chunking }));
    return this.stores.create(scope, { metadata, hasSummaries: summaries?.enabled, files });
  }

  private async livingStore(scope: TenantScope, ids: readonly string[]): Promise<string | undefined> {
    const found = await this.repository.findMany(scope, ids);
    return found.find((store) => !hasExpired(store, new Date()))?.id;
  }

  private addMissing(scope: TenantScope, vectorStoreId: string, fileIds: readonly string[]): Promise<void> {
    return this.database.transaction(async () => {
      await this.stores.hold(scope, vectorStoreId);
      const present = await this.storeFiles.arrived(scope, vectorStoreId, fileIds);
      const missing = fileIds.filter((fileId) => !present.has(fileId));
      if (missing.length === 0) return;
      const files = missing.map((fileId) => ({ fileId }));
      await this.storeFiles.put(scope, { vectorStoreId }, files);
    });
  }
}
