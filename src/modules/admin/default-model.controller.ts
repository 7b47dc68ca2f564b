import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { DefaultModelService } from './default-model.service.js';
import { ChooseModelDto, ChosenModelDto, DefaultModelDto } from './dto/default-model.dto.js';

/** As the third seed's clients choose the default model. */
@ApiTags('Admin')
@ApiBearerAuth()
@Controller('api/admin/model')
export class DefaultModelController {
  constructor(private readonly defaultModel: DefaultModelService) {}

  @Get()
  @RequireScope('admin')
  @ApiOperation({ summary: 'The model of requests that name none' })
  @ApiOkResponse({ type: DefaultModelDto })
  show(): Promise<DefaultModelDto> {
    return this.defaultModel.current();
  }

  @Post()
  @HttpCode(200)
  @RequireScope('admin')
  @ApiOperation({ summary: 'Choose the default model, for every process and the next start' })
  @ApiOkResponse({ type: ChosenModelDto })
  async choose(
    @CurrentPrincipal() { username }: Principal,
    @Body() { model }: ChooseModelDto,
  ): Promise<ChosenModelDto> {
    await this.defaultModel.choose(model, username);
    return { status: 'success', message: `Model changed to ${model}`, model };
  }

  @Delete()
  @RequireScope('admin')
  @ApiOperation({ summary: 'Take the choice back: DEFAULT_MODEL counts again' })
  @ApiOkResponse({ type: DefaultModelDto })
  async forget(@CurrentPrincipal() { username }: Principal): Promise<DefaultModelDto> {
    await this.defaultModel.forget(username);
    return this.defaultModel.current();
  }
}
