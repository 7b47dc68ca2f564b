import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DetailError } from '../../common/errors/index.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { ListQueryDto } from '../../common/validation/index.js';
import { DeletedSessionDto, SessionHistoryDto, SessionListDto } from './dto/session.dto.js';
import { toSessionDto } from './session.mapper.js';
import { SessionsService } from './sessions.service.js';

/** As the third seed's clients ask for sessions. */
@ApiTags('Sessions')
@ApiBearerAuth()
@Controller('api/chat')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get('sessions')
  @RequireScope('chat:read')
  @ApiOperation({ summary: 'Sessions of the project, the newest first' })
  @ApiOkResponse({ type: SessionListDto })
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ListQueryDto): Promise<SessionListDto> {
    const { items, hasMore } = await this.sessions.list(principal, { ...query, limit: query.limit ?? MOST_LISTED });
    return { sessions: items.map(toSessionDto), has_more: hasMore };
  }

  @Get('history/:sessionId')
  @RequireScope('chat:read')
  @ApiOperation({ summary: 'What was said in a session, the newest thousand messages' })
  @ApiOkResponse({ type: SessionHistoryDto })
  async history(@CurrentPrincipal() principal: Principal, @Param('sessionId') id: string): Promise<SessionHistoryDto> {
    const history = await this.sessions.history(principal, id);
    if (!history) throw new DetailError(404, NO_SESSION);
    return { messages: history.messages, has_more: history.hasMore };
  }

  @Delete('sessions/:sessionId')
  @RequireScope('chat:write')
  @ApiOperation({ summary: 'Delete a session; its interpreter ends, its files stay' })
  @ApiOkResponse({ type: DeletedSessionDto })
  async delete(@CurrentPrincipal() principal: Principal, @Param('sessionId') id: string): Promise<DeletedSessionDto> {
    if (!(await this.sessions.delete(principal, id))) throw new DetailError(404, NO_SESSION);
    return { session_id: id, deleted: true };
  }
}

const MOST_LISTED = 100;
const NO_SESSION = 'Session not found';
