import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiQuery, ApiTags } from '@nestjs/swagger';
import { invalidRequest, type WireList } from '@libs/openai-wire';
import { toWirePage } from '../../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../../common/marks.js';
import type { Principal } from '../../../common/principal.js';
import { DEFAULT_LIST_LIMIT } from '../../../common/validation/index.js';
import {
  StoredListQueryDto,
  UpdateStoredCompletionDto,
  type ListStoredCompletionsDto,
} from '../dto/stored-completions.dto.js';
import { MetadataQueryPipe } from './metadata-query.pipe.js';
import { toWireCompletion, type WireStoredCompletion } from './stored-completion.mapper.js';
import { StoredCompletionsService } from './stored-completions.service.js';
import type { StoredMessage } from './stored-messages.js';

@ApiTags('Chat')
@ApiBearerAuth()
@Controller('v1/chat/completions')
export class StoredCompletionsController {
  constructor(private readonly completions: StoredCompletionsService) {}

  @Get()
  @RequireScope('chat:read')
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } })
  @ApiQuery({ name: 'order', required: false, enum: ['asc', 'desc'] })
  @ApiQuery({ name: 'after', required: false, type: String })
  @ApiQuery({ name: 'model', required: false, type: String })
  @ApiQuery({
    name: 'metadata',
    required: false,
    style: 'deepObject',
    explode: true,
    schema: { type: 'object', additionalProperties: { type: 'string' } },
  })
  async list(
    @CurrentPrincipal() principal: Principal,
    // Typed as what the pipe takes and not as a class, or the pipe of all bodies would check it before.
    @Query(new MetadataQueryPipe()) query: Pick<ListStoredCompletionsDto, keyof ListStoredCompletionsDto>,
  ): Promise<WireList<WireStoredCompletion>> {
    const filter = { model: query.model, metadata: query.metadata ?? undefined };
    return toWirePage(await this.completions.list(principal, toPageRequest(query), filter), toWireCompletion);
  }

  @Get(':completionId')
  @RequireScope('chat:read')
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('completionId') id: string,
  ): Promise<WireStoredCompletion> {
    return toWireCompletion(await this.completions.get(principal, id));
  }

  @Post(':completionId')
  @HttpCode(200)
  @RequireScope('chat:write')
  async update(
    @CurrentPrincipal() principal: Principal,
    @Param('completionId') id: string,
    @Body() { metadata }: UpdateStoredCompletionDto,
  ): Promise<WireStoredCompletion> {
    if (metadata === undefined) {
      throw invalidRequest("Missing required parameter: 'metadata'.", 'metadata', 'missing_required_parameter');
    }
    return toWireCompletion(await this.completions.updateMetadata(principal, id, metadata ?? {}));
  }

  @Delete(':completionId')
  @RequireScope('chat:write')
  async delete(
    @CurrentPrincipal() principal: Principal,
    @Param('completionId') id: string,
  ): Promise<{ object: 'chat.completion.deleted'; id: string; deleted: true }> {
    await this.completions.delete(principal, id);
    return { object: 'chat.completion.deleted', id, deleted: true };
  }

  /** The messages of the request. */
  @Get(':completionId/messages')
  @RequireScope('chat:read')
  async messages(
    @CurrentPrincipal() principal: Principal,
    @Param('completionId') id: string,
    @Query() query: StoredListQueryDto,
  ): Promise<WireList<StoredMessage>> {
    const page = await this.completions.listMessages(principal, id, toPageRequest(query));
    return toWirePage(page, (message) => message);
  }
}

function toPageRequest({ limit, order, after }: StoredListQueryDto): {
  limit: number;
  order: 'asc' | 'desc';
  after?: string;
} {
  return { limit: limit ?? DEFAULT_LIST_LIMIT, order: order ?? 'asc', ...(after === undefined ? {} : { after }) };
}
