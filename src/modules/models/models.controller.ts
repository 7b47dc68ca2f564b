import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { WireError } from '@libs/openai-wire';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { toWireModel, type WireModel } from './model.mapper.js';
import { ModelsService } from './models.service.js';

const PLACES =
  'Extensions: `context_size`, `capabilities`, `size`, `loaded` and `loaded_until` where they are known; `servers` says where it lives, and to administrators with what address.';

@ApiTags('Models')
@ApiBearerAuth()
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Get()
  @RequireScope('models:read')
  @ApiOperation({ summary: 'List models', description: PLACES })
  async list(@CurrentPrincipal() principal: Principal): Promise<{ object: 'list'; data: WireModel[] }> {
    return { object: 'list', data: (await this.models.list()).map((model) => toWireModel(model, principal)) };
  }

  /** Model ids may contain slashes, as vLLM's do. */
  @Get('*model')
  @RequireScope('models:read')
  @ApiOperation({ summary: 'Retrieve a model', description: PLACES })
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('model') model: string | string[],
  ): Promise<WireModel> {
    return toWireModel(await this.models.get(Array.isArray(model) ? model.join('/') : model), principal);
  }

  /** Always refused: the models are those that the model servers have. */
  @Delete('*model')
  @RequireScope('models:read')
  @ApiForbiddenResponse({ description: 'Models are managed on the model server.' })
  delete(): never {
    throw new WireError(403, 'Models are managed on the model server and cannot be deleted through this API.', {
      param: 'model',
      code: 'model_not_deletable',
    });
  }
}
