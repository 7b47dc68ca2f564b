import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiTags } from '@nestjs/swagger';
import type { ModelInfo } from '@libs/llm';
import { WireError } from '@libs/openai-wire';
import { RequireScope } from '../../common/marks.js';
import { ModelsService } from './models.service.js';

interface WireModel {
  id: string;
  object: 'model';
  created: number;
  owned_by: string;
}

@ApiTags('Models')
@ApiBearerAuth()
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Get()
  @RequireScope('models:read')
  async list(): Promise<{ object: 'list'; data: WireModel[] }> {
    return { object: 'list', data: (await this.models.list()).map(toWireModel) };
  }

  /** Model ids may contain slashes, as vLLM's do. */
  @Get('*model')
  @RequireScope('models:read')
  async retrieve(@Param('model') model: string | string[]): Promise<WireModel> {
    return toWireModel(await this.models.get(Array.isArray(model) ? model.join('/') : model));
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

function toWireModel({ id, created, ownedBy }: ModelInfo): WireModel {
  return { id, object: 'model', created, owned_by: ownedBy };
}
