import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { clientLeft } from '../../common/http/index.js';
import { RequireScope } from '../../common/marks.js';
import { WebSearchRequestDto } from './dto/tool-request.dto.js';
import { ToolListDto, ToolResponseDto } from './dto/tool-response.dto.js';
import { toToolResponse } from './tool-response.js';
import { ToolRoutesService } from './tool-routes.service.js';

@ApiTags('Tools')
@ApiBearerAuth()
@Controller('api/tools')
export class ToolRoutesController {
  constructor(private readonly tools: ToolRoutesService) {}

  @Get('list')
  @RequireScope('chat:read')
  @ApiOperation({ summary: 'Tools that can be called directly' })
  @ApiOkResponse({ type: ToolListDto })
  async list(): Promise<ToolListDto> {
    return { tools: await this.tools.list() };
  }

  @Post('websearch')
  @HttpCode(200)
  @RequireScope('chat:write')
  @ApiOperation({ summary: 'Search the web', description: '`data.results`: title, url and content of each page.' })
  @ApiOkResponse({ type: ToolResponseDto })
  searchWeb(
    @Body() { query, max_results: maxResults }: WebSearchRequestDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ToolResponseDto> {
    const signal = clientLeft(response);
    return toToolResponse(signal, () => this.tools.searchWeb(query, maxResults ?? undefined, signal));
  }
}
