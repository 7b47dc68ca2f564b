import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import type { ModelGateway } from '@libs/llm';
import { asShares } from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { ModelRanker } from '../query-model/model-ranker.js';
import { withPatience } from '../query-model/search-patience.js';

/** The ranker by which a request declines. */
const NO_RANKER = 'none';
/** The ranker by which it asks for the chat model where there is a cross-encoder, too. */
const MODEL_RANKER = 'llm';

/** Asks the configured cross-encoder, or chat model, how well texts answer a question. */
@Injectable()
export class ResultReranker {
  private readonly logger = new Logger('ResultReranker');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway,
    private readonly modelRanker: ModelRanker,
  ) {}

  /** A score from 0 to 1 for each text; null where there is no model, none is wanted, or it does not answer. */
  async score(
    query: string,
    texts: readonly string[],
    ranker: string | undefined,
    signal?: AbortSignal,
  ): Promise<number[] | null> {
    const { RERANK_MODEL: model, RERANK_CHAT_MODEL: chatModel } = this.config;
    if (ranker === NO_RANKER || texts.length === 0) return null;
    if (chatModel !== undefined && (model === undefined || ranker === MODEL_RANKER)) {
      return this.modelRanker.score(chatModel, query, texts, signal);
    }
    if (model === undefined) return null;
    try {
      const reranker = await this.gateway.reranker(model);
      const request = { model, query, documents: texts };
      const patience = withPatience(signal, this.config.SEARCH_MODEL_PATIENCE_SECONDS);
      return asShares(await reranker.rerank(request, { signal: patience }));
    } catch (error) {
      signal?.throwIfAborted();
      this.logger.warn(`Results were not reranked: ${errorMessage(error)}`);
      return null;
    }
  }
}
