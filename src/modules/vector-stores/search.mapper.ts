import type { Attributes } from '@libs/retrieval';
import { checkHybridSearch } from '../../common/dto/index.js';
import type { SearchVectorStoreDto } from './dto/search.dto.js';
import { toFilter } from './dto/search-filter.js';
import type { StoreSearchHit, StoreSearchRequest } from './vector-stores.types.js';

const DEFAULT_RESULTS = 10;

export interface WireSearchResult {
  file_id: string;
  filename: string;
  score: number;
  attributes: Attributes;
  /** Extension, where it is asked for: where the content begins; null where the format has no pages. */
  page?: number | null;
  /** Extension, where it is asked for: the titles above the content's beginning, outermost first. */
  headings?: readonly string[];
  content: { type: 'text'; text: string }[];
}

export interface WireSearchPage {
  object: 'vector_store.search_results.page';
  search_query: string[];
  data: WireSearchResult[];
  has_more: false;
  next_page: null;
}

/** Throws 400 where neither words nor meaning are to count. */
export function toSearchRequest(body: SearchVectorStoreDto): StoreSearchRequest {
  const { score_threshold: threshold, hybrid_search: hybrid, ranker } = body.ranking_options ?? {};
  checkHybridSearch(hybrid, 'ranking_options');
  return {
    queries: [body.query].flat(),
    limit: body.max_num_results ?? DEFAULT_RESULTS,
    ...(body.filters ? { filter: toFilter(body.filters) } : {}),
    scoreThreshold: threshold ?? undefined,
    ranker: ranker ?? undefined,
    neighbours: body.neighbours ?? undefined,
    ...(hybrid ? { hybrid: { embeddingWeight: hybrid.embedding_weight, textWeight: hybrid.text_weight } } : {}),
  };
}

/** @param withPlaces whether results tell where they stand; OpenAI's do not, and clients may check their form */
export function toWireSearchPage(
  queries: readonly string[],
  hits: readonly StoreSearchHit[],
  withPlaces: boolean,
): WireSearchPage {
  return {
    object: 'vector_store.search_results.page',
    search_query: [...queries],
    data: hits.map(({ fileId, filename, score, attributes, chunk }) => ({
      file_id: fileId,
      filename,
      score,
      attributes,
      ...(withPlaces ? { page: chunk.page, headings: chunk.headings } : {}),
      content: [{ type: 'text', text: chunk.text }],
    })),
    has_more: false,
    next_page: null,
  };
}
