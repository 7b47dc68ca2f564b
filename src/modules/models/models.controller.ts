import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { ModelGateway, ModelInfo } from '@libs/llm';
import { modelNotFound } from '@libs/openai-wire';
import { RequireScope } from '../../common/marks.js';
import { MODEL_GATEWAY } from '../../providers/models.module.js';

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
  constructor(@Inject(MODEL_GATEWAY) private readonly models: ModelGateway) {}

  @Get()
  @RequireScope('models:read')
  async list(): Promise<{ object: 'list'; data: WireModel[] }> {
    return { object: 'list', data: (await this.models.listModels()).map(toWireModel) };
  }

  /** Model ids may contain slashes, as vLLM's do. */
  @Get('*model')
  @RequireScope('models:read')
  async retrieve(@Param('model') model: string | string[]): Promise<WireModel> {
    const id = Array.isArray(model) ? model.join('/') : model;
    const found = (await this.models.listModels()).find((candidate) => candidate.id === id);
    if (!found) throw modelNotFound(id);
    return toWireModel(found);
  }
}

function toWireModel({ id, created, ownedBy }: ModelInfo): WireModel {
  return { id, object: 'model', created, owned_by: ownedBy };
}
