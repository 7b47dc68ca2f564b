import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import type { ModelGateway } from '@libs/llm';
import { asShares } from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';

/** The ranker by which a request declines. */
const NO_RANKER = 'none';

/** Asks the configured cross-encoder how well texts answer a question. */
@Injectable()
export class ResultReranker {
  private readonly logger = new Logger('ResultReranker');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway,
  ) {}

  /** A score from 0 to 1 for each text; null where there is no model, none is wanted, or it does not answer. */
  async score(
    query: string,
    texts: readonly string[],
    ranker: string | undefined,
    signal?: AbortSignal,
  ): Promise<number[] | null> {
    const model = this.config.RERANK_MODEL;
    if (model === undefined || ranker === NO_RANKER || texts.length === 0) return null;
    try {
      const reranker = await this.gateway.reranker(model);
      const request = { model, query, documents: texts };
      return asShares(await reranker.rerank(request, signal === undefined ? {} : { signal }));
    } catch (error) {
      signal?.throwIfAborted();
      this.logger.warn(`Results were not reranked: ${errorMessage(error)}`);
      return null;
    }
  }
}
