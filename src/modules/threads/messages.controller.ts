import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { WireList, WireMessage } from '@libs/openai-wire';
import { AssistantsBetaGuard } from '../../common/http/assistants-beta.guard.js';
import { toWirePage } from '../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { AddMessageDto, ListMessagesQueryDto, ModifyMessageDto } from './dto/message.dto.js';
import { toWireMessage } from './message.mapper.js';
import { MessagesService } from './messages.service.js';

@ApiTags('Messages')
@ApiBearerAuth()
@UseGuards(AssistantsBetaGuard)
@Controller('v1/threads/:threadId/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post()
  @HttpCode(200)
  @RequireScope('threads:write')
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Body() body: AddMessageDto,
  ): Promise<WireMessage> {
    return toWireMessage(await this.messages.create(principal, threadId, body));
  }

  @Get()
  @RequireScope('threads:read')
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Query() query: ListMessagesQueryDto,
  ): Promise<WireList<WireMessage>> {
    return toWirePage(await this.messages.list(principal, threadId, query), toWireMessage);
  }

  @Get(':messageId')
  @RequireScope('threads:read')
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('messageId') id: string,
  ): Promise<WireMessage> {
    return toWireMessage(await this.messages.get(principal, threadId, id));
  }

  @Post(':messageId')
  @HttpCode(200)
  @RequireScope('threads:write')
  async modify(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('messageId') id: string,
    @Body() body: ModifyMessageDto,
  ): Promise<WireMessage> {
    return toWireMessage(await this.messages.modify(principal, threadId, id, body));
  }

  @Delete(':messageId')
  @RequireScope('threads:write')
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('messageId') id: string,
  ): Promise<{ id: string; object: 'thread.message.deleted'; deleted: true }> {
    await this.messages.delete(principal, threadId, id);
    return { id, object: 'thread.message.deleted', deleted: true };
  }
}
