import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import {
  contextTerm,
  fallingScores,
  select,
  termsOf,
  type IndexScope,
  type ScoredChunk,
  type SearchHit,
  type SearchRequest,
} from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { Embedder } from './embedder.js';
import { IndexLookupRepository, type StoreView } from './index-lookup.repository.js';
import { IndexSearchRepository } from './index-search.repository.js';
import { IndexVectorsRepository } from './index-vectors.repository.js';
import { NeighbourJoiner } from './neighbour-joiner.js';
import { withPatience } from '../query-model/search-patience.js';
import { ResultReranker } from './result-reranker.js';
import { candidatesOf, mergeRankings, type FoundCandidate, type RankedQuery } from './search-candidates.js';
import { VectorFiller } from './vector-filler.js';
import { rankByWords } from './word-rankings.js';

/** Longer questions are mostly quotations; their further terms cost time and tell little. */
const MOST_TERMS = 64;
/** Chunks looked at more closely for each result that is wanted, and at least. */
const CANDIDATES_PER_RESULT = 2;
const FEWEST_CANDIDATES = 20;

/** Answers searches from the index: one round trip for the words, one for the vectors, one for the chunks. */
@Injectable()
export class ChunkSearch {
  private readonly logger = new Logger('ChunkSearch');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly terms: IndexLookupRepository,
    private readonly index: IndexSearchRepository,
    private readonly vectors: IndexVectorsRepository,
    private readonly embedder: Embedder,
    private readonly filler: VectorFiller,
    private readonly reranker: ResultReranker,
    private readonly neighbours: NeighbourJoiner,
  ) {}

  async search(scope: IndexScope, request: SearchRequest): Promise<SearchHit[]> {
    const queries = request.queries.map((query) => termsOf(query).slice(0, MOST_TERMS));
    const terms = [...new Set(queries.flat())];
    const known = [...terms, ...terms.map(contextTerm)];
    const stores = await this.terms.lookUp(scope, request.vectorStoreIds, known, request);
    const count = Math.max(FEWEST_CANDIDATES, CANDIDATES_PER_RESULT * request.limit);
    const lexical = rankByWords(queries, stores, count);
    const dense = await this.rankByVectors(scope, request, stores, count);
    const candidates = await this.findCandidates(scope, request, stores, lexical, dense);
    const threshold = request.scoreThreshold ?? this.config.RAG_MIN_SCORE_THRESHOLD;
    const good = candidates.filter(
      (candidate) => candidate.relevance >= threshold && (request.onlyRelevant !== true || this.isRelevant(candidate)),
    );
    const selected = select(good, request.limit);
    return hitsOf(await this.neighbours.join(scope, request, selected, stores));
  }

  private async findCandidates(
    scope: IndexScope,
    request: SearchRequest,
    stores: readonly StoreView[],
    lexical: readonly RankedQuery[],
    dense: readonly ScoredChunk[][],
  ): Promise<FoundCandidate[]> {
    const { embeddingWeight, textWeight } = this.weightsOf(request, dense);
    const words = textWeight > 0 ? lexical : [];
    const merged = mergeRankings(words, textWeight, embeddingWeight > 0 ? dense : [], embeddingWeight);
    if (merged.length === 0) return [];
    const found = await this.index.find(scope, merged, stores);
    const candidates = candidatesOf(merged, found, words, embeddingWeight > 0 ? dense : []);
    const texts = candidates.map((candidate) => candidate.found.chunk.text);
    const scores = await this.reranker.score(request.queries[0] ?? '', texts, request.ranker, request.signal);
    if (scores === null) return candidates;
    return candidates.map((candidate, index) => {
      const score = scores[index] ?? 0;
      return { ...candidate, score, relevance: score, byWords: score, byVectors: 0, passages: [] };
    });
  }

  private isRelevant({ byWords, byVectors }: FoundCandidate): boolean {
    const { RAG_GROUNDED_MIN_SCORE, RAG_GROUNDED_MIN_SIMILARITY } = this.config;
    return byWords >= RAG_GROUNDED_MIN_SCORE || byVectors >= RAG_GROUNDED_MIN_SIMILARITY;
  }

  /** Without vectors there is nothing that could be weighed against the words. */
  private weightsOf(
    request: SearchRequest,
    dense: readonly ScoredChunk[][],
  ): { embeddingWeight: number; textWeight: number } {
    if (dense.length === 0) return { embeddingWeight: 0, textWeight: 1 };
    return request.hybrid ?? { embeddingWeight: 1, textWeight: this.config.RAG_USE_HYBRID_SEARCH ? 1 : 0 };
  }

  /**
   * A ranking for each query, and one of the preferred files; none where not all stores have vectors of the configured
   * model, or it is silent.
   */
  private async rankByVectors(
    scope: IndexScope,
    request: SearchRequest,
    stores: readonly StoreView[],
    limit: number,
  ): Promise<ScoredChunk[][]> {
    const { model } = this.embedder;
    const filled = stores.filter(({ chunks }) => chunks > 0);
    const ready = filled.length > 0 && filled.every(({ embeddingModel }) => embeddingModel === model);
    if (model === undefined || !ready || request.hybrid?.embeddingWeight === 0) return [];
    try {
      const patience = withPatience(request.signal, this.config.SEARCH_MODEL_PATIENCE_SECONDS);
      const questions = await this.embedder.embedQuestions(request.queries, patience);
      const other = filled.filter(({ dimensions }) => dimensions !== null && dimensions !== questions[0]?.length);
      if (other.length > 0) {
        await this.filler.replaceVectorsOf(other.map(({ store }) => store));
        return [];
      }
      const rankings: ScoredChunk[][] = [];
      const { vectorStoreIds, filter, preferredFiles } = request;
      for (const vector of questions) {
        const search = { vectorStoreIds, filter, model, vector, limit };
        rankings.push(await this.vectors.search(scope, search));
        if (preferredFiles === undefined) continue;
        rankings.push(await this.vectors.search(scope, { ...search, files: preferredFiles }));
      }
      return rankings;
    } catch (error) {
      request.signal?.throwIfAborted();
      this.logger.warn(`Searched by words alone: ${errorMessage(error)}`);
      return [];
    }
  }
}

function hitsOf(selected: readonly FoundCandidate[]): SearchHit[] {
  const scores = fallingScores(selected.map(({ relevance }) => relevance));
  return selected.map(({ found: { vectorStoreId, fileId, filename, attributes, chunk } }, index) => ({
    ...{ vectorStoreId, fileId, filename, attributes, chunk },
    score: scores[index] ?? 0,
  }));
}
