import { Inject, Injectable } from '@nestjs/common';
import type { ModelGateway, ModelInfo } from '@libs/llm';
import { modelNotFound } from '@libs/openai-wire';
import { MODEL_GATEWAY } from '../../providers/models.module.js';

/** The models of every configured model server. */
@Injectable()
export class ModelsService {
  constructor(@Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway) {}

  list(): Promise<ModelInfo[]> {
    return this.gateway.listModels();
  }

  /** Throws modelNotFound. */
  async get(id: string): Promise<ModelInfo> {
    const found = (await this.list()).find((candidate) => candidate.id === id);
    if (!found) throw modelNotFound(id);
    return found;
  }
}
