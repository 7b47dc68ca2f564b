import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { WireAssistant, WireList } from '@libs/openai-wire';
import { toWirePage } from '../../common/http/index.js';
import { AssistantsBetaGuard } from '../../common/http/assistants-beta.guard.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { ListQueryDto } from '../../common/validation/index.js';
import { toWireAssistant } from './assistant.mapper.js';
import { AssistantsService } from './assistants.service.js';
import { CreateAssistantDto, ModifyAssistantDto } from './dto/assistant.dto.js';

@ApiTags('Assistants')
@ApiBearerAuth()
@UseGuards(AssistantsBetaGuard)
@Controller('v1/assistants')
export class AssistantsController {
  constructor(private readonly assistants: AssistantsService) {}

  @Post()
  @HttpCode(200)
  @RequireScope('assistants:write')
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateAssistantDto): Promise<WireAssistant> {
    return toWireAssistant(await this.assistants.create(principal, body));
  }

  @Get()
  @RequireScope('assistants:read')
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ListQueryDto): Promise<WireList<WireAssistant>> {
    return toWirePage(await this.assistants.list(principal, query), toWireAssistant);
  }

  @Get(':assistantId')
  @RequireScope('assistants:read')
  async retrieve(@CurrentPrincipal() principal: Principal, @Param('assistantId') id: string): Promise<WireAssistant> {
    return toWireAssistant(await this.assistants.get(principal, id));
  }

  @Post(':assistantId')
  @HttpCode(200)
  @RequireScope('assistants:write')
  async modify(
    @CurrentPrincipal() principal: Principal,
    @Param('assistantId') id: string,
    @Body() body: ModifyAssistantDto,
  ): Promise<WireAssistant> {
    return toWireAssistant(await this.assistants.modify(principal, id, body));
  }

  @Delete(':assistantId')
  @RequireScope('assistants:write')
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('assistantId') id: string,
  ): Promise<{ id: string; object: 'assistant.deleted'; deleted: true }> {
    await this.assistants.delete(principal, id);
    return { id, object: 'assistant.deleted', deleted: true };
  }
}
