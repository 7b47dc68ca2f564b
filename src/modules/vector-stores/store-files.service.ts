import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DEFAULT_CHUNKING, type Attributes, type Chunk, type ChunkIndex } from '@libs/retrieval';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import { FileRemovals, FilesService } from '../files/index.js';
import { ChunkSetCollector } from './chunk-set-collector.js';
import { ChunkSetsRepository } from './chunk-sets.repository.js';
import { CHUNK_INDEX } from './chunk-index/chunk-index.token.js';
import { IngestionQueue } from './ingestion/ingestion-queue.js';
import { storeFileId } from './store-file-id.js';
import { SummaryIndex } from './summaries/summary-index.js';
import { StoreFilesRepository, type StoreFileListRequest, type StorePlace } from './store-files.repository.js';
import { storeFileNotFound } from './vector-stores.errors.js';
import type { NewStoreFile, StoreFileRecord } from './vector-stores.types.js';

/** Files in stores. Whoever calls has made sure that the store is there. */
@Injectable()
export class StoreFilesService implements OnModuleInit {
  constructor(
    @Inject(CHUNK_INDEX) private readonly index: ChunkIndex,
    private readonly database: Database,
    private readonly storeFiles: StoreFilesRepository,
    private readonly sets: ChunkSetsRepository,
    private readonly files: FilesService,
    private readonly removals: FileRemovals,
    private readonly queue: IngestionQueue,
    private readonly collector: ChunkSetCollector,
    private readonly summaries: SummaryIndex,
  ) {}

  /** A file that is deleted goes out of all stores. What it had in the index is then of no use. */
  onModuleInit(): void {
    this.removals.add(async (scope, fileId) => {
      await this.storeFiles.forgetFile(scope, fileId);
      this.database.afterCommit(() => this.collector.collectSoon());
    });
  }

  /**
   * Puts files into a store that the caller's transaction holds. One that is there already comes anew, with what is said
   * of it now. Throws fileNotFound.
   */
  async put(scope: TenantScope, place: StorePlace, files: readonly NewStoreFile[]): Promise<void> {
    // The last of several mentions counts.
    const byId = new Map(files.map((file) => [file.fileId, file]));
    await this.files.getMany(scope, [...byId.keys()]);
    const turn = await this.storeFiles.nextTurn(scope);
    const { vectorStoreId, batchId = null } = place;
    const rows = [...byId.values()].map(({ fileId, attributes, chunking }, position) => ({
      id: storeFileId(vectorStoreId, fileId),
      ...{ vectorStoreId, fileId, batchId },
      chunking: chunking ?? { ...DEFAULT_CHUNKING },
      attributes: attributes ?? {},
      turn: String(turn + position),
    }));
    await this.storeFiles.putAll(scope, rows);
    this.database.afterCommit(() => {
      this.queue.wakeSoon(rows.length);
      this.collector.collectSoon();
    });
  }

  find(scope: TenantScope, vectorStoreId: string, fileId: string): Promise<StoreFileRecord | null> {
    return this.storeFiles.find(scope, storeFileId(vectorStoreId, fileId));
  }

  /** Throws 404. */
  async get(scope: TenantScope, vectorStoreId: string, fileId: string): Promise<StoreFileRecord> {
    const file = await this.find(scope, vectorStoreId, fileId);
    if (!file) throw storeFileNotFound(vectorStoreId, fileId);
    return file;
  }

  /** Those of the files that are in the store or on their way. */
  async arrived(scope: TenantScope, vectorStoreId: string, fileIds: readonly string[]): Promise<Set<string>> {
    const present = await this.storeFiles.present(scope, vectorStoreId, fileIds);
    const arrived = present.filter(({ status }) => status === 'completed' || status === 'in_progress');
    return new Set(arrived.map(({ fileId }) => fileId));
  }

  list(scope: TenantScope, place: StorePlace, request: StoreFileListRequest): Promise<Page<StoreFileRecord>> {
    return this.storeFiles.listFiles(scope, place, request);
  }

  /** In the index as well, or not at all. Joins the caller's transaction. Throws 404. */
  async setAttributes(
    scope: TenantScope,
    vectorStoreId: string,
    fileId: string,
    attributes: Attributes,
  ): Promise<StoreFileRecord> {
    const id = storeFileId(vectorStoreId, fileId);
    return this.database.transaction(async () => {
      // Comes first: whoever else changes them, a worker included, waits at the row.
      const file = await this.storeFiles.update(scope, id, { attributes });
      if (!file) throw storeFileNotFound(vectorStoreId, fileId);
      const set = await this.sets.ofFile(scope, id);
      if (set !== null) {
        await this.index.setAttributes(scope, vectorStoreId, set, attributes);
        await this.summaries.setAttributes(scope, vectorStoreId, set, attributes);
      }
      return file;
    });
  }

  /** Takes the file out of the store; the file itself stays. Throws 404. */
  async remove(scope: TenantScope, vectorStoreId: string, fileId: string): Promise<void> {
    if (!(await this.storeFiles.remove(scope, storeFileId(vectorStoreId, fileId)))) {
      throw storeFileNotFound(vectorStoreId, fileId);
    }
    this.database.afterCommit(() => this.collector.collectSoon());
  }

  /** How many chunks the files of each store have, by the store's id and then the file's; only of files that have some. */
  async chunkCounts(
    scope: TenantScope,
    vectorStoreIds: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
    const counts = await this.index.countChunks(scope, vectorStoreIds);
    const byStore = new Map(vectorStoreIds.map((id) => [id, new Map<string, number>()]));
    for (const { setId, vectorStoreId, fileId } of await this.sets.ofStores(scope, vectorStoreIds)) {
      const count = counts.get(setId);
      if (count !== undefined) byStore.get(vectorStoreId)?.set(fileId, count);
    }
    return byStore;
  }

  /** The text as it was read, in pieces that follow each other without overlap. Empty until the file is there. */
  async contentOf(scope: TenantScope, vectorStoreId: string, fileId: string): Promise<string[]> {
    const file = await this.get(scope, vectorStoreId, fileId);
    const set = file.status === 'completed' ? await this.sets.ofFile(scope, file.id) : null;
    return set === null ? [] : piecesOf(await this.index.chunksOf(scope, vectorStoreId, set));
  }
}

/** What of each chunk is not in those before it. */
export function piecesOf(chunks: readonly Pick<Chunk, 'text' | 'start' | 'end'>[]): string[] {
  let told = 0;
  const pieces: string[] = [];
  for (const { text, start, end } of chunks) {
    if (end <= told) continue;
    pieces.push(text.slice(Math.max(told - start, 0)));
    told = end;
  }
  return pieces;
}
