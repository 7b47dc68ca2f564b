import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { WireList } from '@libs/openai-wire';
import { toWirePage } from '../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { CreateFileBatchDto, ListStoreFilesDto } from './dto/store-file.dto.js';
import { toWireFileBatch, type WireFileBatch } from './file-batch.mapper.js';
import { FileBatchesService } from './file-batches.service.js';
import { filesOfBatch } from './files-of-batch.js';
import { POLL_AFTER_HEADER, pollAfterMs } from './poll-after.js';
import { toWireStoreFile, type WireStoreFile } from './store-file.mapper.js';
import { VectorStoresService } from './vector-stores.service.js';

@ApiTags('Vector stores')
@ApiBearerAuth()
@Controller('v1/vector_stores/:vectorStoreId/file_batches')
export class FileBatchesController {
  constructor(
    private readonly stores: VectorStoresService,
    private readonly batches: FileBatchesService,
  ) {}

  @Post()
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Body() body: CreateFileBatchDto,
  ): Promise<WireFileBatch> {
    await this.stores.get(principal, storeId);
    return toWireFileBatch(await this.batches.create(principal, storeId, filesOfBatch(body)));
  }

  @Get(':batchId')
  @RequireScope('vector-stores:read')
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Param('batchId') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WireFileBatch> {
    await this.stores.get(principal, storeId);
    const found = await this.batches.get(principal, storeId, id);
    const { batch, usage } = found;
    response.set(POLL_AFTER_HEADER, String(pollAfterMs(batch.createdAt, usage.counts.in_progress)));
    return toWireFileBatch(found);
  }

  @Post(':batchId/cancel')
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  async cancel(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Param('batchId') id: string,
  ): Promise<WireFileBatch> {
    await this.stores.get(principal, storeId);
    return toWireFileBatch(await this.batches.cancel(principal, storeId, id));
  }

  @Get(':batchId/files')
  @RequireScope('vector-stores:read')
  async listFiles(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Param('batchId') id: string,
    @Query() query: ListStoreFilesDto,
  ): Promise<WireList<WireStoreFile>> {
    await this.stores.get(principal, storeId);
    return toWirePage(await this.batches.listFiles(principal, storeId, id, query), toWireStoreFile);
  }
}
