import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { clientLeft } from '../../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../../common/marks.js';
import type { Principal } from '../../../common/principal.js';
import {
  CollectionListDto,
  CreateCollectionDto,
  DeletedCollectionDto,
  DeletedDocumentDto,
  DocumentListDto,
  RagQueryDto,
  UploadDocumentFormDto,
  UploadedDocumentDto,
} from '../dto/rag.dto.js';
import { ToolResponseDto } from '../dto/tool-response.dto.js';
import { failed, toToolResponse } from '../tool-response.js';
import { CollectionsService } from './collections.service.js';
import { DocumentsService } from './documents.service.js';
import { RagQueryService } from './rag-query.service.js';
import { toCollectionDto, toDocumentDto, toUploadedDto } from './rag.mapper.js';

/** Vector stores as the third seed's collections. */
@ApiTags('Tools')
@ApiBearerAuth()
@Controller('api/tools/rag')
export class RagController {
  constructor(
    private readonly collections: CollectionsService,
    private readonly documents: DocumentsService,
    private readonly queries: RagQueryService,
  ) {}

  @Post('collections')
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  @ApiOperation({ summary: 'Create a collection: a vector store by its name' })
  @ApiOkResponse({ type: ToolResponseDto })
  create(
    @CurrentPrincipal() principal: Principal,
    @Body() { collection_name: name }: CreateCollectionDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ToolResponseDto> {
    return toToolResponse(clientLeft(response), async () => {
      const store = await this.collections.create(principal, name);
      if (store === null) return failed(`Collection '${name}' already exists`);
      const data = { success: true, collection_name: name, vector_store_id: store.id };
      return { answer: `Collection '${name}' created successfully.`, data };
    });
  }

  @Get('collections')
  @RequireScope('vector-stores:read')
  @ApiOperation({ summary: 'List collections' })
  @ApiOkResponse({ type: CollectionListDto })
  async list(@CurrentPrincipal() principal: Principal): Promise<CollectionListDto> {
    return { success: true, collections: (await this.collections.list(principal)).map(toCollectionDto) };
  }

  @Delete('collections/:name')
  @RequireScope('vector-stores:write')
  @ApiOperation({ summary: 'Delete a collection with the documents that were uploaded into it' })
  @ApiOkResponse({ type: DeletedCollectionDto })
  async delete(@CurrentPrincipal() principal: Principal, @Param('name') name: string): Promise<DeletedCollectionDto> {
    await this.collections.delete(principal, name);
    return { success: true, collection_name: name };
  }

  @Post('upload')
  @HttpCode(200)
  @RequireScope('vector-stores:write')
  @ApiOperation({
    summary: 'Upload a document into a collection',
    description: 'Answers once it can be found; with status 202 where that takes longer than four minutes.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: UploadDocumentFormDto })
  @ApiOkResponse({ type: UploadedDocumentDto })
  async upload(
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadedDocumentDto> {
    const uploaded = await this.documents.upload(principal, request, clientLeft(response));
    if (!uploaded.isThere) response.status(202);
    return toUploadedDto(uploaded);
  }

  @Get('collections/:name/documents')
  @RequireScope('vector-stores:read')
  @ApiOperation({ summary: 'List the documents of a collection' })
  @ApiOkResponse({ type: DocumentListDto })
  async listDocuments(@CurrentPrincipal() principal: Principal, @Param('name') name: string): Promise<DocumentListDto> {
    const { documents, totalDocuments, totalChunks } = await this.documents.list(principal, name);
    return {
      success: true,
      collection_name: name,
      documents: documents.map(toDocumentDto),
      total_documents: totalDocuments,
      total_chunks: totalChunks,
    };
  }

  @Delete('collections/:name/documents/:documentId')
  @RequireScope('vector-stores:write')
  @ApiOperation({ summary: 'Delete a document of a collection' })
  @ApiOkResponse({ type: DeletedDocumentDto })
  async deleteDocument(
    @CurrentPrincipal() principal: Principal,
    @Param('name') collection: string,
    @Param('documentId') id: string,
  ): Promise<DeletedDocumentDto> {
    const { name, chunks, remainingDocuments, remainingChunks } = await this.documents.delete(
      principal,
      collection,
      id,
    );
    return {
      success: true,
      collection_name: collection,
      deleted_document: name,
      deleted_chunks: chunks,
      remaining_documents: remainingDocuments,
      remaining_chunks: remainingChunks,
    };
  }

  @Post('query')
  @HttpCode(200)
  @RequireScope('vector-stores:read')
  @ApiOperation({
    summary: 'Ask a collection',
    description: 'The default model answers from `data.documents`, of which it cites the i-th as `[Document i]`.',
  })
  @ApiOkResponse({ type: ToolResponseDto })
  query(
    @CurrentPrincipal() principal: Principal,
    @Body() { query, collection_name: collection, max_results: maxResults }: RagQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ToolResponseDto> {
    const signal = clientLeft(response);
    const question = { query, collection, maxResults: maxResults ?? undefined };
    return toToolResponse(signal, () => this.queries.ask(principal, question, signal));
  }
}
