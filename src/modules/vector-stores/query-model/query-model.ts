import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import type { ModelGateway } from '@libs/llm';
import { CONFIG } from '../../../common/config.token.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { readModelReply, type ModelTask } from './model-reply.js';
import { withPatience } from './search-patience.js';

export interface QueryTask extends ModelTask {
  signal?: AbortSignal | undefined;
}

/** Has a chat model help with a search. No search fails for it. */
@Injectable()
export class QueryModel {
  private readonly logger = new Logger('QueryModel');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway,
  ) {}

  /** The reply without what the model thought; null where it does not answer in time. Throws the signal's reason. */
  async ask({ signal, ...task }: QueryTask): Promise<string | null> {
    try {
      return await readModelReply(this.gateway, task, withPatience(signal, this.config.SEARCH_MODEL_PATIENCE_SECONDS));
    } catch (error) {
      signal?.throwIfAborted();
      this.logger.warn(`Searched without the help of ${task.model}: ${errorMessage(error)}`);
      return null;
    }
  }
}
