import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IndexChunkEntity } from '../entities/index-chunk.entity.js';
import { IndexFileEntity } from '../entities/index-file.entity.js';
import { IndexPostingsEntity } from '../entities/index-postings.entity.js';
import { IndexStoreEntity } from '../entities/index-store.entity.js';
import { EmbeddingEntity } from '../entities/embedding.entity.js';
import { ApproximateVectorsRepository } from './approximate-vectors.repository.js';
import { VectorIndexes } from './vector-indexes.js';
import { CHUNK_INDEX } from './chunk-index.token.js';
import { ChunkSearch } from './chunk-search.js';
import { ChunkWriter } from './chunk-writer.js';
import { Embedder } from './embedder.js';
import { EmbeddingsRepository } from './embeddings.repository.js';
import { IndexFilesRepository } from './index-files.repository.js';
import { IndexHousekeeping } from './index-housekeeping.js';
import { IndexLookupRepository } from './index-lookup.repository.js';
import { IndexSearchRepository } from './index-search.repository.js';
import { IndexUpkeep } from './index-upkeep.js';
import { IndexUpkeepRepository } from './index-upkeep.repository.js';
import { IndexVacuum } from './index-vacuum.js';
import { IndexWritingRepository } from './index-writing.repository.js';
import { IndexVectorsRepository } from './index-vectors.repository.js';
import { PostgresChunkIndex } from './postgres-chunk-index.js';
import { ResultReranker } from './result-reranker.js';
import { SearchState } from './search-report.js';
import { TEXT_EMBEDDER } from './text-embedder.js';
import { VectorFiller } from './vector-filler.js';
import { ModelRanker } from '../query-model/model-ranker.js';
import { ModelQueryExpander, QUERY_EXPANDER } from '../query-model/query-expander.js';
import { QueryModel } from '../query-model/query-model.js';
import { DOCUMENT_SUMMARISER, ModelSummariser } from '../summaries/document-summariser.js';
import { NeighbourJoiner } from './neighbour-joiner.js';

/** Provides CHUNK_INDEX, the index of chunks in Postgres. Global, so that tests put another one in its place. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([
      IndexStoreEntity,
      IndexFileEntity,
      IndexChunkEntity,
      IndexPostingsEntity,
      EmbeddingEntity,
    ]),
  ],
  providers: [
    ApproximateVectorsRepository,
    VectorIndexes,
    IndexFilesRepository,
    IndexLookupRepository,
    IndexSearchRepository,
    IndexUpkeepRepository,
    IndexVacuum,
    IndexVectorsRepository,
    IndexWritingRepository,
    EmbeddingsRepository,
    Embedder,
    VectorFiller,
    ResultReranker,
    QueryModel,
    ModelRanker,
    NeighbourJoiner,
    { provide: QUERY_EXPANDER, useClass: ModelQueryExpander },
    { provide: DOCUMENT_SUMMARISER, useClass: ModelSummariser },
    SearchState,
    IndexUpkeep,
    IndexHousekeeping,
    ChunkSearch,
    ChunkWriter,
    { provide: TEXT_EMBEDDER, useExisting: Embedder },
    { provide: CHUNK_INDEX, useClass: PostgresChunkIndex },
  ],
  exports: [CHUNK_INDEX, SearchState, TEXT_EMBEDDER, QUERY_EXPANDER, DOCUMENT_SUMMARISER],
})
export class ChunkIndexModule {}
