import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { toWireList, type WireList } from '@libs/openai-wire';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { ListQueryDto } from '../../common/validation/index.js';
import { toChunking } from './chunking.js';
import { SearchVectorStoreDto } from './dto/search.dto.js';
import { CreateVectorStoreDto, ModifyVectorStoreDto } from './dto/vector-store.dto.js';
import { QUERY_EXPANDER, type QueryExpander } from './query-model/query-expander.js';
import { toSearchRequest, toWireSearchPage, type WireSearchPage } from './search.mapper.js';
import { toWireVectorStore, type WireVectorStore } from './vector-store.mapper.js';
import { VectorStoresService } from './vector-stores.service.js';
import type { VectorStoreRecord } from './vector-stores.types.js';

@ApiTags('Vector stores')
@ApiBearerAuth()
@Controller('v1/vector_stores')
export class VectorStoresController {
  constructor(
    private readonly stores: VectorStoresService,
    @Inject(QUERY_EXPANDER) private readonly expander: QueryExpander,
  ) {}

  @Post()
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateVectorStoreDto): Promise<WireVectorStore> {
    const { name, description, metadata, expires_after, file_ids } = body;
    const chunking = toChunking(body.chunking_strategy);
    const store = await this.stores.create(principal, {
      ...{ name, description, metadata },
      expiresAfterDays: expires_after?.days,
      hasSummaries: body.summaries?.enabled,
      files: (file_ids ?? []).map((fileId) => ({ fileId, chunking })),
    });
    return this.toWire(principal, store);
  }

  @Get()
  @RequireScope('vector-stores:read')
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query() query: ListQueryDto,
  ): Promise<WireList<WireVectorStore>> {
    const { items, hasMore } = await this.stores.list(principal, query);
    const stores = await this.stores.withUsage(principal, items);
    return toWireList(
      stores.map(({ store, usage }) => toWireVectorStore(store, usage)),
      hasMore,
    );
  }

  @Get(':vectorStoreId')
  @RequireScope('vector-stores:read')
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') id: string,
  ): Promise<WireVectorStore> {
    return this.toWire(principal, await this.stores.get(principal, id));
  }

  @Post(':vectorStoreId')
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  async modify(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') id: string,
    @Body() body: ModifyVectorStoreDto,
  ): Promise<WireVectorStore> {
    const { name, metadata, expires_after: expiry, summaries } = body;
    const store = await this.stores.modify(principal, id, {
      ...(name === undefined ? {} : { name }),
      ...(metadata === undefined ? {} : { metadata: metadata ?? {} }),
      ...(expiry === undefined ? {} : { expiresAfterDays: expiry?.days ?? null }),
      ...(summaries ? { hasSummaries: summaries.enabled } : {}),
    });
    return this.toWire(principal, store);
  }

  @Delete(':vectorStoreId')
  @RequireScope('vector-stores:write')
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') id: string,
  ): Promise<{ id: string; object: 'vector_store.deleted'; deleted: true }> {
    await this.stores.delete(principal, id);
    return { id, object: 'vector_store.deleted', deleted: true };
  }

  @Post(':vectorStoreId/search')
  @HttpCode(200)
  @RequireScope('vector-stores:read')
  async search(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') id: string,
    @Body() body: SearchVectorStoreDto,
  ): Promise<WireSearchPage> {
    const asked = toSearchRequest(body);
    const queries = body.rewrite_query === true ? await this.rewrite(principal, id, asked.queries) : asked.queries;
    const hits = await this.stores.searchOne(principal, id, { ...asked, queries });
    return toWireSearchPage(queries, hits, body.places === true);
  }

  /** Bothers no model for a store that is not there. */
  private async rewrite(principal: Principal, id: string, queries: readonly string[]): Promise<readonly string[]> {
    await this.stores.getLiving(principal, id);
    return this.expander.rewrite(queries);
  }

  private async toWire(principal: Principal, store: VectorStoreRecord): Promise<WireVectorStore> {
    const [found] = await this.stores.withUsage(principal, [store]);
    if (!found) throw new Error('A store has no sums.');
    return toWireVectorStore(found.store, found.usage);
  }
}
