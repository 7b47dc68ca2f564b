import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { WireList } from '@libs/openai-wire';
import { toWirePage } from '../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { toChunking } from './chunking.js';
import { CreateStoreFileDto, ListStoreFilesDto, UpdateStoreFileDto } from './dto/store-file.dto.js';
import { POLL_AFTER_HEADER, pollAfterMs } from './poll-after.js';
import { toWireStoreFile, type WireStoreFile } from './store-file.mapper.js';
import { StoreFilesService } from './store-files.service.js';
import { missing } from './vector-stores.errors.js';
import { VectorStoresService } from './vector-stores.service.js';

@ApiTags('Vector stores')
@ApiBearerAuth()
@Controller('v1/vector_stores/:vectorStoreId/files')
export class StoreFilesController {
  constructor(
    private readonly stores: VectorStoresService,
    private readonly files: StoreFilesService,
  ) {}

  @Post()
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Body() body: CreateStoreFileDto,
  ): Promise<WireStoreFile> {
    const file = {
      fileId: body.file_id,
      attributes: body.attributes ?? {},
      chunking: toChunking(body.chunking_strategy),
    };
    return toWireStoreFile(await this.stores.addFile(principal, storeId, file));
  }

  @Get()
  @RequireScope('vector-stores:read')
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Query() query: ListStoreFilesDto,
  ): Promise<WireList<WireStoreFile>> {
    await this.stores.get(principal, storeId);
    return toWirePage(await this.files.list(principal, { vectorStoreId: storeId }, query), toWireStoreFile);
  }

  @Get(':fileId')
  @RequireScope('vector-stores:read')
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Param('fileId') fileId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WireStoreFile> {
    await this.stores.get(principal, storeId);
    const file = await this.files.get(principal, storeId, fileId);
    response.set(POLL_AFTER_HEADER, String(pollAfterMs(file.createdAt, 1)));
    return toWireStoreFile(file);
  }

  @Post(':fileId')
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  async update(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Param('fileId') fileId: string,
    @Body() { attributes }: UpdateStoreFileDto,
  ): Promise<WireStoreFile> {
    await this.stores.getLiving(principal, storeId);
    if (attributes === undefined) throw missing('attributes');
    return toWireStoreFile(await this.stores.setFileAttributes(principal, storeId, fileId, attributes ?? {}));
  }

  @Delete(':fileId')
  @RequireScope('vector-stores:write')
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Param('fileId') fileId: string,
  ): Promise<{ id: string; object: 'vector_store.file.deleted'; deleted: true }> {
    await this.stores.removeFile(principal, storeId, fileId);
    return { id: fileId, object: 'vector_store.file.deleted', deleted: true };
  }

  @Get(':fileId/content')
  @RequireScope('vector-stores:read')
  async content(
    @CurrentPrincipal() principal: Principal,
    @Param('vectorStoreId') storeId: string,
    @Param('fileId') fileId: string,
  ): Promise<WireStoreFileContent> {
    await this.stores.get(principal, storeId);
    const pieces = await this.files.contentOf(principal, storeId, fileId);
    return {
      object: 'vector_store.file_content.page',
      data: pieces.map((text) => ({ type: 'text', text })),
      has_more: false,
      next_page: null,
    };
  }
}

interface WireStoreFileContent {
  object: 'vector_store.file_content.page';
  data: { type: 'text'; text: string }[];
  has_more: false;
  next_page: null;
}
