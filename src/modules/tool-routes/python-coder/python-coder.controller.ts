import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { clientLeft } from '../../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../../common/marks.js';
import type { Principal } from '../../../common/principal.js';
import { PythonCoderRequestDto } from '../dto/tool-request.dto.js';
import { ToolResponseDto } from '../dto/tool-response.dto.js';
import { WorkspaceFileContentDto, WorkspaceFileNamesDto } from '../dto/workspace-files.dto.js';
import { toToolResponse } from '../tool-response.js';
import { PythonCoderService } from './python-coder.service.js';
import { WorkspaceTexts } from './workspace-texts.js';

@ApiTags('Tools')
@ApiBearerAuth()
@Controller('api/tools/python_coder')
export class PythonCoderController {
  constructor(
    private readonly coder: PythonCoderService,
    private readonly texts: WorkspaceTexts,
  ) {}

  @Post()
  @HttpCode(200)
  @RequireScope('chat:write')
  @ApiOperation({
    summary: 'Run Python in a workspace',
    description: '`data`: stdout, stderr, returncode, and the files of the workspace. Variables and files stay.',
  })
  @ApiOkResponse({ type: ToolResponseDto })
  run(
    @CurrentPrincipal() principal: Principal,
    @Body() { session_id: session, code, timeout }: PythonCoderRequestDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ToolResponseDto> {
    const signal = clientLeft(response);
    const asked = { session, code, timeoutSeconds: timeout ?? undefined };
    return toToolResponse(signal, () => this.coder.run(principal, asked, signal));
  }

  @Get('files/:session')
  @RequireScope('chat:read')
  @ApiOperation({ summary: 'Files of a workspace; one that was never used has none' })
  @ApiOkResponse({ type: WorkspaceFileNamesDto })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('session') session: string,
  ): Promise<WorkspaceFileNamesDto> {
    return { success: true, files: await this.texts.names(principal, session), error: null };
  }

  /** Files may lie in folders. */
  @Get('files/:session/*filename')
  @RequireScope('chat:read')
  @ApiOperation({ summary: 'A file of a workspace' })
  @ApiOkResponse({ type: WorkspaceFileContentDto })
  async read(
    @CurrentPrincipal() principal: Principal,
    @Param('session') session: string,
    @Param('filename') segments: string | string[],
  ): Promise<WorkspaceFileContentDto> {
    const filename = [segments].flat().join('/');
    const { fileId, content, encoding } = await this.texts.read(principal, session, filename);
    return { success: true, filename, content, encoding, file_id: fileId, error: null };
  }
}
