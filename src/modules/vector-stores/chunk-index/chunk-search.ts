import { Injectable } from '@nestjs/common';
import {
  contextTerm,
  fallingScores,
  fuse,
  keyOf,
  LexicalRanking,
  passagesOf,
  relevanceOf,
  select,
  termsOf,
  type Candidate,
  type IndexScope,
  type QueryTerms,
  type ScoredChunk,
  type SearchHit,
  type SearchRequest,
} from '@libs/retrieval';
import { IndexSearchRepository, type FoundChunk } from './index-search.repository.js';

/** Longer questions are mostly quotations; their further terms cost time and tell little. */
const MOST_TERMS = 64;
/** Chunks looked at more closely for each result that is wanted, and at least. */
const CANDIDATES_PER_RESULT = 2;
const FEWEST_CANDIDATES = 20;

interface RankedQuery {
  best: ScoredChunk[];
  query: QueryTerms;
}

type FoundCandidate = Candidate & { found: FoundChunk };

/** Answers searches from the index: one round trip for the words, one for the chunks. */
@Injectable()
export class ChunkSearch {
  constructor(private readonly index: IndexSearchRepository) {}

  async search(scope: IndexScope, request: SearchRequest): Promise<SearchHit[]> {
    const ranked = await this.rankByWords(scope, request);
    const candidates = await this.findCandidates(scope, ranked);
    const relevant = candidates.filter((candidate) => relevanceOf(candidate) >= (request.scoreThreshold ?? 0));
    return hitsOf(select(relevant, request.limit));
  }

  private async rankByWords(scope: IndexScope, request: SearchRequest): Promise<RankedQuery[]> {
    const queries = request.queries.map((query) => termsOf(query).slice(0, MOST_TERMS));
    const terms = [...new Set(queries.flat())];
    const stores = await this.index.lookUp(
      scope,
      request.vectorStoreIds,
      [...terms, ...terms.map(contextTerm)],
      request.filter,
    );
    const ranking = new LexicalRanking(stores);
    const count = Math.max(FEWEST_CANDIDATES, CANDIDATES_PER_RESULT * request.limit);
    return queries.filter((each) => each.length > 0).map((each) => ranking.rank(each, count));
  }

  private async findCandidates(scope: IndexScope, ranked: readonly RankedQuery[]): Promise<FoundCandidate[]> {
    const [only] = ranked;
    const merged =
      ranked.length === 1 && only !== undefined
        ? only.best
        : fuse(ranked.map(({ best }) => ({ weight: 1, ranking: best })));
    if (merged.length === 0) return [];
    const found = await this.index.find(scope, merged);
    const byKey = new Map(found.map((each) => [keyOf({ store: each.store, chunk: each.number }), each]));
    return merged.flatMap((scored) => {
      const chunk = byKey.get(keyOf(scored));
      return chunk === undefined ? [] : [candidateOf(scored, chunk, ranked)];
    });
  }
}

function candidateOf({ score }: ScoredChunk, found: FoundChunk, ranked: readonly RankedQuery[]): FoundCandidate {
  const { chunk, sketch, store, fileId } = found;
  const passages = ranked.flatMap(({ query }) => passagesOf(sketch, chunk.text.length, query));
  return {
    file: `${store}:${fileId}`,
    ...{ start: chunk.start, end: chunk.end, score, found },
    passages: passages.map((passage) => ({
      start: chunk.start + passage.start,
      end: chunk.start + passage.end,
      score: passage.score,
    })),
  };
}

function hitsOf(selected: readonly FoundCandidate[]): SearchHit[] {
  const scores = fallingScores(selected.map(relevanceOf));
  return selected.map(({ found: { vectorStoreId, fileId, filename, attributes, chunk } }, index) => ({
    ...{ vectorStoreId, fileId, filename, attributes, chunk },
    score: scores[index] ?? 0,
  }));
}
