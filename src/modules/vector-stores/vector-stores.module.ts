import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesModule } from '../files/index.js';
import { ChunkSetEntity } from './entities/chunk-set.entity.js';
import { VectorStoreFileBatchEntity } from './entities/vector-store-file-batch.entity.js';
import { VectorStoreFileEntity } from './entities/vector-store-file.entity.js';
import { VectorStoreEntity } from './entities/vector-store.entity.js';
import { StoreFilesRepository } from './store-files.repository.js';
import { StoreSearch } from './store-search.js';
import { VectorStoresRepository } from './vector-stores.repository.js';
import { VectorStoresService } from './vector-stores.service.js';

/** Vector stores, their files, and the work of getting files into them. CHUNK_INDEX is provided by `chunk-index/`. */
@Module({
  imports: [
    TypeOrmModule.forFeature([VectorStoreEntity, VectorStoreFileEntity, VectorStoreFileBatchEntity, ChunkSetEntity]),
    FilesModule,
  ],
  providers: [StoreFilesRepository, StoreSearch, VectorStoresRepository, VectorStoresService],
  exports: [VectorStoresService],
})
export class VectorStoresModule {}
