import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { toWirePage } from '../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { sendContent, type SendableContent } from './content/send-content.js';
import { DeletedFileDto, FileDto, FileListDto } from './dto/file.dto.js';
import { ListFilesDto } from './dto/list-files.dto.js';
import { UploadFormDto } from './dto/upload-form.dto.js';
import { toWireFile } from './file.mapper.js';
import { FilesErrorInterceptor } from './files-error.interceptor.js';
import { FilesService } from './files.service.js';
import { FileFormsService } from './file-forms.service.js';

@ApiTags('Files')
@ApiBearerAuth()
@UseInterceptors(FilesErrorInterceptor)
@Controller('v1/files')
export class FilesController {
  constructor(
    private readonly files: FilesService,
    private readonly forms: FileFormsService,
  ) {}

  @Post()
  @HttpCode(200)
  @RequireScope('files:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: UploadFormDto })
  @ApiOkResponse({ type: FileDto })
  async upload(@CurrentPrincipal() principal: Principal, @Req() request: Request): Promise<FileDto> {
    return toWireFile(await this.forms.receive(principal, request));
  }

  @Get()
  @RequireScope('files:read')
  @ApiOkResponse({ type: FileListDto })
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ListFilesDto): Promise<FileListDto> {
    return toWirePage(await this.files.list(principal, query), toWireFile);
  }

  @Get(':fileId')
  @RequireScope('files:read')
  @ApiOkResponse({ type: FileDto })
  async retrieve(@CurrentPrincipal() principal: Principal, @Param('fileId') id: string): Promise<FileDto> {
    return toWireFile(await this.files.get(principal, id));
  }

  @Delete(':fileId')
  @RequireScope('files:write')
  @ApiOkResponse({ type: DeletedFileDto })
  async delete(@CurrentPrincipal() principal: Principal, @Param('fileId') id: string): Promise<DeletedFileDto> {
    await this.files.delete(principal, id);
    return { id, object: 'file', deleted: true };
  }

  /** The bytes as they were sent, or one range of them. */
  @Get(':fileId/content')
  @RequireScope('files:read')
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async content(
    @CurrentPrincipal() principal: Principal,
    @Param('fileId') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.files.get(principal, id);
    const { filename, bytes, sha256 } = file;
    const open: SendableContent['open'] = async (range) => (await this.files.openContent(principal, id, range)).stream;
    await sendContent(request, response, { filename, bytes, sha256, open }, { inlineImages: false });
  }
}
