import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { ChunkSetCollector } from './chunk-set-collector.js';
import { ChunkSetsRepository } from './chunk-sets.repository.js';
import { ChunkSetEntity } from './entities/chunk-set.entity.js';
import { VectorStoreFileBatchEntity } from './entities/vector-store-file-batch.entity.js';
import { VectorStoreFileEntity } from './entities/vector-store-file.entity.js';
import { VectorStoreEntity } from './entities/vector-store.entity.js';
import { FileBatchesController } from './file-batches.controller.js';
import { FileBatchesRepository } from './file-batches.repository.js';
import { FileBatchesService } from './file-batches.service.js';
import { FileDescriptions } from './file-descriptions.js';
import { DocumentFiles } from './ingestion/document-files.js';
import { DocumentReader } from './ingestion/document-reader.js';
import { IngestionClaims } from './ingestion/ingestion-claims.js';
import { IngestionQueue } from './ingestion/ingestion-queue.js';
import { IngestionReaper } from './ingestion/ingestion-reaper.js';
import { IngestionWorker } from './ingestion/ingestion-worker.js';
import { IngestionProcessor } from './ingestion/ingestion.processor.js';
import { IngestionRepository } from './ingestion/ingestion.repository.js';
import { StoreExpiry } from './store-expiry.js';
import { StoreFilesController } from './store-files.controller.js';
import { StoreFilesRepository } from './store-files.repository.js';
import { StoreFilesService } from './store-files.service.js';
import { StoreResources } from './store-resources.service.js';
import { StoreSearch } from './store-search.js';
import { StoreSummaries } from './summaries/store-summaries.js';
import { SummariesRepository } from './summaries/summaries.repository.js';
import { SummaryClaims } from './summaries/summary-claims.js';
import { SummaryIndex } from './summaries/summary-index.js';
import { SummaryQueue } from './summaries/summary-queue.js';
import { SummaryWorker } from './summaries/summary-worker.js';
import { SummaryProcessor } from './summaries/summary.processor.js';
import { VectorStoresController } from './vector-stores.controller.js';
import { VectorStoresRepository } from './vector-stores.repository.js';
import { VectorStoresService } from './vector-stores.service.js';

const INGESTION = [
  DocumentFiles,
  DocumentReader,
  IngestionClaims,
  IngestionProcessor,
  IngestionQueue,
  IngestionReaper,
  IngestionRepository,
  IngestionWorker,
];

const SUMMARIES = [
  StoreSummaries,
  SummariesRepository,
  SummaryClaims,
  SummaryIndex,
  SummaryProcessor,
  SummaryQueue,
  SummaryWorker,
];

/** Vector stores, their files, and the work of getting files into them. CHUNK_INDEX is ChunkIndexModule's. */
@Module({
  imports: [
    TypeOrmModule.forFeature([VectorStoreEntity, VectorStoreFileEntity, VectorStoreFileBatchEntity, ChunkSetEntity]),
    FilesModule,
  ],
  controllers: [VectorStoresController, StoreFilesController, FileBatchesController],
  providers: [
    ...INGESTION,
    ...SUMMARIES,
    ChunkSetCollector,
    ChunkSetsRepository,
    FileBatchesRepository,
    FileBatchesService,
    FileDescriptions,
    StoreExpiry,
    StoreFilesRepository,
    StoreFilesService,
    StoreResources,
    StoreSearch,
    VectorStoresRepository,
    VectorStoresService,
  ],
  exports: [FileDescriptions, StoreFilesService, StoreResources, VectorStoresService],
})
export class VectorStoresModule {}
