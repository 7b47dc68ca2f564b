import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import type { ModelGateway } from '@libs/llm';
import { CONFIG } from '../../../common/config.token.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { withPatience } from './search-patience.js';

/** Models that think aloud may go on for long; what comes later is not read. */
const LONGEST_REPLY = 8000;
const MOST_TOKENS = 1024;

export interface QueryTask {
  model: string;
  /** What is to be done. */
  prompt: string;
  /** What it is to be done with. */
  input: string;
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
  async ask({ model, prompt, input, signal }: QueryTask): Promise<string | null> {
    const patience = withPatience(signal, this.config.SEARCH_MODEL_PATIENCE_SECONDS);
    try {
      const { chat } = await this.gateway.resolve(model);
      const messages = [
        { role: 'system' as const, content: prompt },
        { role: 'user' as const, content: input },
      ];
      const request = { model, messages, temperature: 0, maxTokens: MOST_TOKENS };
      const options = { signal: patience, maxRetries: 0 };
      let reply = '';
      for await (const delta of chat.stream(request, options)) {
        if (delta.type === 'text') reply += delta.text;
        if (reply.length > LONGEST_REPLY) break;
      }
      return reply.replace(/<think>[^]*?(<\/think>|$)/g, '').trim();
    } catch (error) {
      signal?.throwIfAborted();
      this.logger.warn(`Searched without the help of ${model}: ${errorMessage(error)}`);
      return null;
    }
  }
}
