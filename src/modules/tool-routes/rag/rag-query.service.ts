import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { ModelError } from '@libs/llm';
import { CONFIG } from '../../../common/config.token.js';
import type { TenantScope } from '../../../common/principal.js';
import { VectorStoresService, type StoreSearchHit } from '../../vector-stores/index.js';
import { failed, type ToolOutcome } from '../tool-response.js';
import { AnswerWriter } from './answer-writer.js';
import { CollectionsService } from './collections.service.js';
import { missingCollection } from './rag.errors.js';

export interface RagQuestion {
  collection: string;
  query: string;
  maxResults: number | undefined;
}

const DEFAULT_RESULTS = 10;
/** What a search of vector stores brings. */
const MOST_RESULTS = 50;
const NOTHING_FOUND = 'The collection says nothing about that.';

/** Answers questions from collections. */
@Injectable()
export class RagQueryService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'RAG_QUERY_MODEL' | 'RAG_USE_MULTI_QUERY'>,
    private readonly collections: CollectionsService,
    private readonly stores: VectorStoresService,
    private readonly writer: AnswerWriter,
  ) {}

  async ask(scope: TenantScope, question: RagQuestion, signal: AbortSignal): Promise<ToolOutcome> {
    const { collection, query, maxResults = DEFAULT_RESULTS } = question;
    const store = await this.collections.find(scope, collection);
    if (!store) return failed(missingCollection(collection));
    const request = { queries: [query], limit: Math.min(maxResults, MOST_RESULTS), signal };
    const found = await this.stores.search(scope, [store.id], request);
    return { ...(await this.answer(query, found, signal)), metadata: this.metadata(collection) };
  }

  /** A model that does not answer takes nothing from what was found. */
  private async answer(query: string, found: readonly StoreSearchHit[], signal: AbortSignal): Promise<ToolOutcome> {
    if (found.length === 0) return { answer: NOTHING_FOUND, data: toData(query, []) };
    let shown = found;
    try {
      shown = await this.writer.choose(found);
      return { answer: await this.writer.write(query, shown, signal), data: toData(query, shown) };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      return failed(error.message, { data: toData(query, shown) });
    }
  }

  private metadata(collection: string): Record<string, unknown> {
    const { RAG_QUERY_MODEL, RAG_USE_MULTI_QUERY } = this.config;
    return { collection, multi_query: RAG_USE_MULTI_QUERY && RAG_QUERY_MODEL !== undefined };
  }
}

/** In the third seed's form. The variants of the question are the search's own affair. */
function toData(query: string, hits: readonly StoreSearchHit[]): Record<string, unknown> {
  const documents = hits.map(({ fileId, filename, score, chunk }) => ({
    document: filename,
    chunk: chunk.text,
    score,
    chunk_index: chunk.index,
    document_id: fileId,
  }));
  return { optimized_query: query, documents, num_results: documents.length };
}
