import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { CompleteUploadDto, CreateUploadDto } from './dto/create-upload.dto.js';
import { UploadDto, UploadPartDto, UploadPartFormDto } from './dto/upload.dto.js';
import { UploadCompletionService } from './upload-completion.service.js';
import { UploadPartsService } from './upload-parts.service.js';
import { toWireUpload, toWireUploadPart } from './upload.mapper.js';
import { UploadsService } from './uploads.service.js';

@ApiTags('Uploads')
@ApiBearerAuth()
@Controller('v1/uploads')
export class UploadsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly parts: UploadPartsService,
    private readonly completion: UploadCompletionService,
  ) {}

  /** Files larger than one request may be come in parts: create, add parts, complete. */
  @Post()
  @HttpCode(200)
  @RequireScope('files:write')
  @ApiOkResponse({ type: UploadDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateUploadDto): Promise<UploadDto> {
    return toWireUpload(await this.uploads.create(principal, body));
  }

  /** Parts may be added in any order, several at once. */
  @Post(':uploadId/parts')
  @HttpCode(200)
  @RequireScope('files:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: UploadPartFormDto })
  @ApiOkResponse({ type: UploadPartDto })
  async addPart(
    @CurrentPrincipal() principal: Principal,
    @Param('uploadId') id: string,
    @Req() request: Request,
  ): Promise<UploadPartDto> {
    return toWireUploadPart(await this.parts.receive(principal, id, request));
  }

  @Post(':uploadId/complete')
  @HttpCode(200)
  @RequireScope('files:write')
  @ApiOkResponse({ type: UploadDto })
  async complete(
    @CurrentPrincipal() principal: Principal,
    @Param('uploadId') id: string,
    @Body() body: CompleteUploadDto,
  ): Promise<UploadDto> {
    const { upload, file } = await this.completion.complete(principal, id, body);
    return toWireUpload(upload, file);
  }

  @Post(':uploadId/cancel')
  @HttpCode(200)
  @RequireScope('files:write')
  @ApiOkResponse({ type: UploadDto })
  async cancel(@CurrentPrincipal() principal: Principal, @Param('uploadId') id: string): Promise<UploadDto> {
    return toWireUpload(await this.uploads.cancel(principal, id));
  }
}
