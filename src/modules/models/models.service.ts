import { Inject, Injectable } from '@nestjs/common';
import type { ModelGateway } from '@libs/llm';
import { modelNotFound } from '@libs/openai-wire';
import { MODEL_GATEWAY } from '../../providers/models.module.js';
import type { LocatedModel } from './model.mapper.js';

/** The models of every configured model server. */
@Injectable()
export class ModelsService {
  constructor(@Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway) {}

  async list(): Promise<LocatedModel[]> {
    const models = await this.gateway.listModels();
    return models.map((model) => ({ ...model, places: this.gateway.places(model.id) }));
  }

  /** Throws modelNotFound. */
  async get(id: string): Promise<LocatedModel> {
    const models = await this.list();
    const found = models.find((model) => model.id === id) ?? models.find(({ aliases }) => aliases?.includes(id));
    if (!found) throw modelNotFound(id);
    return found;
  }
}
