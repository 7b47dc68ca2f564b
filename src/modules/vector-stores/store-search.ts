import { Inject, Injectable } from '@nestjs/common';
import type { ChunkIndex, SearchHit } from '@libs/retrieval';
import type { TenantScope } from '../../common/principal.js';
import { CHUNK_INDEX } from './chunk-index/chunk-index.token.js';
import { ChunkSetsRepository } from './chunk-sets.repository.js';
import { QUERY_EXPANDER, type QueryExpander } from './query-model/query-expander.js';
import { SummaryIndex } from './summaries/summary-index.js';
import type { StoreSearchHit, StoreSearchRequest, VectorStoreRecord } from './vector-stores.types.js';

/** So often a search asks for more where hits were of files that are gone. */
const MOST_ROUNDS = 4;

/** Finds chunks, and knows of which files they are now. */
@Injectable()
export class StoreSearch {
  constructor(
    @Inject(CHUNK_INDEX) private readonly index: ChunkIndex,
    private readonly sets: ChunkSetsRepository,
    @Inject(QUERY_EXPANDER) private readonly expander: QueryExpander,
    private readonly summaries: SummaryIndex,
  ) {}

  /**
   * Stores that must be there and of the scope's project. Where documents have summaries, those whose summaries answer
   * best are looked at more closely: their chunks are ranked by themselves as well. Chunks of a file that was taken away
   * are in the index for a moment longer: they count for nothing here.
   */
  async search(
    scope: TenantScope,
    stores: readonly Pick<VectorStoreRecord, 'id' | 'hasSummaries'>[],
    request: StoreSearchRequest,
  ): Promise<StoreSearchHit[]> {
    const queries = await this.expander.vary(request.queries, request.signal);
    const vectorStoreIds = stores.map(({ id }) => id);
    const preferredFiles = await this.preferred(scope, stores, { ...request, queries });
    let limit = request.limit;
    for (let round = 1; ; round += 1) {
      const found = await this.index.search(scope, { ...request, queries, limit, vectorStoreIds, preferredFiles });
      const hits = await this.ofLivingFiles(scope, found);
      if (
        hits.length === found.length ||
        hits.length >= request.limit ||
        found.length < limit ||
        round === MOST_ROUNDS
      ) {
        return hits.slice(0, request.limit);
      }
      limit *= 2;
    }
  }

  /** The chunk sets of documents that answer by their summaries; undefined where there are none. */
  private async preferred(
    scope: TenantScope,
    stores: readonly Pick<VectorStoreRecord, 'id' | 'hasSummaries'>[],
    request: StoreSearchRequest,
  ): Promise<string[] | undefined> {
    const guided = stores.filter(({ hasSummaries }) => hasSummaries).map(({ id }) => id);
    const found = guided.length > 0 ? await this.summaries.find(scope, guided, request) : [];
    return found.length > 0 ? found : undefined;
  }

  private async ofLivingFiles(scope: TenantScope, found: readonly SearchHit[]): Promise<StoreSearchHit[]> {
    const files = await this.sets.filesOf(scope, [...new Set(found.map((hit) => hit.fileId))]);
    return found.flatMap(({ fileId: setId, filename, score, chunk }) => {
      const file = files.get(setId);
      if (!file) return [];
      const { vectorStoreId, fileId, attributes, documentMetadata } = file;
      return [{ vectorStoreId, fileId, filename, attributes, score, documentMetadata, chunk }];
    });
  }
}
