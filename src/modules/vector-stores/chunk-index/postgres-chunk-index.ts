import { Injectable } from '@nestjs/common';
import type { Attributes, Chunk, ChunkIndex, IndexedFile, IndexScope, SearchHit, SearchRequest } from '@libs/retrieval';
import { ChunkSearch } from './chunk-search.js';
import { ChunkWriter } from './chunk-writer.js';
import { IndexFilesRepository } from './index-files.repository.js';
import { IndexSearchRepository } from './index-search.repository.js';
import { IndexUpkeep } from './index-upkeep.js';

/** The index of chunks in Postgres, with or without extensions. */
@Injectable()
export class PostgresChunkIndex implements ChunkIndex {
  constructor(
    private readonly files: IndexFilesRepository,
    private readonly reader: IndexSearchRepository,
    private readonly writer: ChunkWriter,
    private readonly searcher: ChunkSearch,
    private readonly upkeep: IndexUpkeep,
  ) {}

  replaceFile(
    scope: IndexScope,
    file: IndexedFile,
    chunks: readonly Chunk[],
    options: Parameters<ChunkIndex['replaceFile']>[3] = {},
  ): Promise<number> {
    return this.writer.write(scope, file, chunks, options);
  }

  setAttributes(scope: IndexScope, vectorStoreId: string, fileId: string, attributes: Attributes): Promise<void> {
    return this.files.setAttributes(scope, vectorStoreId, fileId, attributes);
  }

  async deleteFile(scope: IndexScope, vectorStoreId: string, fileId: string): Promise<void> {
    const store = await this.files.remove(scope, vectorStoreId, fileId);
    if (store !== null) await this.upkeep.afterRemoval(store);
  }

  async deleteStore(scope: IndexScope, vectorStoreId: string): Promise<void> {
    const store = await this.files.removeStore(scope, vectorStoreId);
    if (store !== null) await this.upkeep.deleteStore(store);
  }

  countChunks(scope: IndexScope, vectorStoreIds: readonly string[]): Promise<Map<string, number>> {
    return this.files.countChunks(scope, vectorStoreIds);
  }

  chunksOf(scope: IndexScope, vectorStoreId: string, fileId: string): Promise<Chunk[]> {
    return this.reader.chunksOf(scope, vectorStoreId, fileId);
  }

  search(scope: IndexScope, request: SearchRequest): Promise<SearchHit[]> {
    return this.searcher.search(scope, request);
  }
}
