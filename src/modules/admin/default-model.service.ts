import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Config } from '@config';
import { ModelError, type ModelGateway } from '@libs/llm';
import { CONFIG } from '../../common/config.token.js';
import { ChosenModel } from '../../providers/chosen-model.js';
import { MODEL_GATEWAY } from '../../providers/models.module.js';
import { SettingsRepository } from './settings.repository.js';
import { ShortMemory } from './short-memory.js';

/** chosen: by an administrator; configured: DEFAULT_MODEL; first: of those that the model servers list. */
export type DefaultModelSource = 'chosen' | 'configured' | 'first';

export interface DefaultModel {
  /** Null where no server has a model. */
  model: string | null;
  source: DefaultModelSource;
}

const SETTING = 'default_model';
/** How late another process may learn of a choice. */
const MEMORY_MS = 2000;

/** The model of requests that name none, as administrators choose it for every process and the next start. */
@Injectable()
export class DefaultModelService implements OnModuleInit {
  private readonly logger = new Logger('Admin');
  private readonly choice: ShortMemory<string | null>;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'DEFAULT_MODEL'>,
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
    private readonly chosen: ChosenModel,
    private readonly settings: SettingsRepository,
  ) {
    this.choice = new ShortMemory(() => settings.find(SETTING), MEMORY_MS);
  }

  onModuleInit(): void {
    this.chosen.foundBy(() => this.choice.get());
  }

  async current(): Promise<DefaultModel> {
    const choice = await this.choice.get();
    if (choice !== null) return { model: choice, source: 'chosen' };
    const source = this.config.DEFAULT_MODEL === undefined ? 'first' : 'configured';
    try {
      return { model: await this.models.defaultModel(), source };
    } catch (error) {
      if (error instanceof ModelError) return { model: null, source };
      throw error;
    }
  }

  /** Throws a ModelError for a model that no server has. @param username who chooses, for the log */
  async choose(model: string, username: string): Promise<void> {
    await this.models.resolve(model);
    await this.settings.set(SETTING, model);
    this.choice.tell(model);
    this.logger.log(`The default model is ${JSON.stringify(model)} now, says ${username}.`);
  }

  /** DEFAULT_MODEL counts again. */
  async forget(username: string): Promise<void> {
    await this.settings.remove(SETTING);
    this.choice.tell(null);
    this.logger.log(`The default model is the configured one again, says ${username}.`);
  }
}
