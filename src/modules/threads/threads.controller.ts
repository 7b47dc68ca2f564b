import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { WireList, WireThread } from '@libs/openai-wire';
import { AssistantsBetaGuard } from '../../common/http/assistants-beta.guard.js';
import { toWirePage } from '../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { ListQueryDto } from '../../common/validation/index.js';
import { CreateThreadDto, ModifyThreadDto } from './dto/thread.dto.js';
import { toWireThreadFile, type WireThreadFile } from './thread-file.mapper.js';
import { toWireThread } from './thread.mapper.js';
import { ThreadsService } from './threads.service.js';

@ApiTags('Threads')
@ApiBearerAuth()
@UseGuards(AssistantsBetaGuard)
@Controller('v1/threads')
export class ThreadsController {
  constructor(private readonly threads: ThreadsService) {}

  @Post()
  @HttpCode(200)
  @RequireScope('threads:write')
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateThreadDto): Promise<WireThread> {
    return toWireThread(await this.threads.create(principal, body));
  }

  @Get()
  @RequireScope('threads:read')
  @ApiOperation({ summary: 'Extension: the threads of the project' })
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ListQueryDto): Promise<WireList<WireThread>> {
    return toWirePage(await this.threads.list(principal, query), toWireThread);
  }

  @Get(':threadId')
  @RequireScope('threads:read')
  async retrieve(@CurrentPrincipal() principal: Principal, @Param('threadId') id: string): Promise<WireThread> {
    return toWireThread(await this.threads.get(principal, id));
  }

  @Post(':threadId')
  @HttpCode(200)
  @RequireScope('threads:write')
  async modify(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') id: string,
    @Body() body: ModifyThreadDto,
  ): Promise<WireThread> {
    return toWireThread(await this.threads.modify(principal, id, body));
  }

  @Delete(':threadId')
  @RequireScope('threads:write')
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') id: string,
  ): Promise<{ id: string; object: 'thread.deleted'; deleted: true }> {
    await this.threads.delete(principal, id);
    return { id, object: 'thread.deleted', deleted: true };
  }

  @Get(':threadId/files')
  @RequireScope('threads:read')
  @ApiOperation({ summary: 'Extension: uploaded and generated files of the thread, with their URLs' })
  async listFiles(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') id: string,
  ): Promise<WireList<WireThreadFile>> {
    return toWirePage({ items: await this.threads.listFiles(principal, id), hasMore: false }, toWireThreadFile);
  }
}
