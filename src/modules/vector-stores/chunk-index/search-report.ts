import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { IndexVectorsRepository } from './index-vectors.repository.js';

export interface SearchReport {
  /** Search by words: BM25 over the index's own tables, on every database. */
  lexical: 'bm25';
  /** Search by vectors: `pgvector` with its version, or why there is none. */
  dense: string;
  embedding_model: string | null;
  rerank_model: string | null;
}

/** Says by what stores are searched here. */
@Injectable()
export class SearchState {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly vectors: IndexVectorsRepository,
  ) {}

  report(): SearchReport {
    return {
      lexical: 'bm25',
      dense: this.dense(),
      embedding_model: this.config.EMBEDDING_MODEL ?? null,
      rerank_model: this.config.RERANK_MODEL ?? null,
    };
  }

  private dense(): string {
    const state = this.vectors.state;
    if (!state.available) return `off: ${state.reason}`;
    if (this.config.EMBEDDING_MODEL === undefined) return 'off: EMBEDDING_MODEL is not set';
    return `pgvector ${state.version}, ${this.config.RAG_INDEX_TYPE}`;
  }
}
