import { Injectable } from '@nestjs/common';
import { newId, sleep } from '@libs/kernel';
import type { Attributes } from '@libs/retrieval';
import { notFound, type Metadata } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { ChunkSetCollector } from './chunk-set-collector.js';
import { ChunkSetsRepository } from './chunk-sets.repository.js';
import { StoreFilesRepository } from './store-files.repository.js';
import { StoreFilesService } from './store-files.service.js';
import { StoreSearch } from './store-search.js';
import { StoreSummaries } from './summaries/store-summaries.js';
import { noUsage } from './store-usage.js';
import { expiryOf, hasExpired } from './vector-store-state.js';
import { storeExpired } from './vector-stores.errors.js';
import { VectorStoresRepository, type SearchedStore } from './vector-stores.repository.js';
import type {
  NewStoreFile,
  StoreFileRecord,
  StoreSearchHit,
  StoreSearchRequest,
  StoreUsage,
  VectorStoreRecord,
} from './vector-stores.types.js';

/** How long OpenAI's runs wait for files that are on their way (openai-wire.md section 7). */
const READINESS_PATIENCE_MS = 60_000;
const READINESS_POLL_MS = 250;

export interface NewVectorStore {
  name?: string | null | undefined;
  description?: string | null | undefined;
  metadata?: Metadata | null | undefined;
  expiresAfterDays?: number | null | undefined;
  /** Default: false. */
  hasSummaries?: boolean | undefined;
  files?: readonly NewStoreFile[] | undefined;
}

export interface VectorStoreChange {
  name?: string | null;
  metadata?: Metadata;
  /** null: never. */
  expiresAfterDays?: number | null;
  hasSummaries?: boolean;
}

export interface VectorStoreWithUsage {
  store: VectorStoreRecord;
  usage: StoreUsage;
}

/** How long somebody waits. */
interface Patience {
  /** Default: as long as OpenAI's runs. */
  patienceMs?: number;
  signal?: AbortSignal;
}

/** Vector stores of a project. */
@Injectable()
export class VectorStoresService {
  constructor(
    private readonly database: Database,
    private readonly stores: VectorStoresRepository,
    private readonly repository: StoreFilesRepository,
    private readonly storeFiles: StoreFilesService,
    private readonly sets: ChunkSetsRepository,
    private readonly collector: ChunkSetCollector,
    private readonly searches: StoreSearch,
    private readonly summaries: StoreSummaries,
  ) {}

  /**
   * With its first files, which are then on their way. Throws fileNotFound, and 400 where it is to have summaries and no
   * model makes them. Joins the caller's transaction.
   */
  async create(scope: TenantScope, { files = [], ...wanted }: NewVectorStore): Promise<VectorStoreRecord> {
    if (wanted.hasSummaries) this.summaries.demandModel();
    return this.database.transaction(async () => {
      const lastActiveAt = new Date();
      const expiresAfterDays = wanted.expiresAfterDays ?? null;
      const store = await this.stores.insert(scope, {
        id: newId('vectorStore'),
        name: wanted.name ?? null,
        description: wanted.description ?? null,
        metadata: wanted.metadata ?? {},
        expiresAfterDays,
        lastActiveAt,
        expiresAt: expiryOf(expiresAfterDays, lastActiveAt),
        hasSummaries: wanted.hasSummaries ?? false,
        emptiedAt: null,
      });
      if (files.length > 0) await this.storeFiles.put(scope, { vectorStoreId: store.id }, files);
      return store;
    });
  }

  /** Throws 404. */
  async get(scope: TenantScope, id: string): Promise<VectorStoreRecord> {
    const store = await this.stores.find(scope, id);
    if (!store) throw notFound('vector store', id);
    return store;
  }

  /** As `get`; and throws 400 where the store has expired. */
  async getLiving(scope: TenantScope, id: string): Promise<VectorStoreRecord> {
    return demandLiving(await this.get(scope, id));
  }

  /**
   * Keeps the store as it is until the caller's transaction ends, for a change of its files, which is activity. Throws
   * 404, and 400 where it has expired.
   */
  async hold(scope: TenantScope, id: string): Promise<VectorStoreRecord> {
    const store = await this.stores.lock(scope, id);
    if (!store) throw notFound('vector store', id);
    demandLiving(store);
    await this.stores.touch(scope, [id]);
    return store;
  }

  list(scope: TenantScope, page: ListRequest): Promise<Page<VectorStoreRecord>> {
    return this.stores.list(scope, page);
  }

  /** The first of each name that has not expired, the newest of them first. */
  listNamed(scope: TenantScope, limit: number): Promise<VectorStoreRecord[]> {
    return this.stores.listNamed(scope, limit);
  }

  /** The first store of the name that has not expired. */
  async findNamed(scope: TenantScope, name: string): Promise<VectorStoreRecord | null> {
    const [store] = await this.stores.listNamed(scope, 1, name);
    return store ?? null;
  }

  /** Null where `findNamed` finds one. Stores that are made otherwise may have the same name. */
  createNamed(scope: TenantScope, name: string): Promise<VectorStoreRecord | null> {
    return this.database.transaction(async () => {
      await this.stores.lockName(scope, name);
      return (await this.findNamed(scope, name)) === null ? this.create(scope, { name }) : null;
    });
  }

  async withUsage(scope: TenantScope, stores: readonly VectorStoreRecord[]): Promise<VectorStoreWithUsage[]> {
    const usages = await this.repository.usageOf(
      scope,
      stores.map(({ id }) => id),
    );
    return stores.map((store) => ({ store, usage: usages.get(store.id) ?? noUsage() }));
  }

  /** Throws 404, and 400 where the store has expired, or is to have summaries and no model makes them. */
  async modify(scope: TenantScope, id: string, change: VectorStoreChange): Promise<VectorStoreRecord> {
    if (change.hasSummaries) this.summaries.demandModel();
    return this.database.transaction(async () => {
      await this.hold(scope, id);
      const { expiresAfterDays: days, hasSummaries } = change;
      if (hasSummaries !== undefined) await this.summaries.set(scope, id, hasSummaries);
      const lastActiveAt = new Date();
      const expiry = days === undefined ? {} : { lastActiveAt, expiresAt: expiryOf(days, lastActiveAt) };
      const modified = await this.stores.update(scope, id, { ...change, ...expiry });
      if (!modified) throw notFound('vector store', id);
      return modified;
    });
  }

  /** Throws 404. The files themselves stay. */
  async delete(scope: TenantScope, id: string): Promise<void> {
    await this.database.transaction(async () => {
      if (!(await this.stores.remove(scope, id))) throw notFound('vector store', id);
      await this.sets.bury(scope, id);
      this.database.afterCommit(() => this.collector.collectSoon());
    });
  }

  /** Throws 404 for the first that is missing. */
  async demand(scope: TenantScope, ids: readonly string[]): Promise<void> {
    const found = new Set((await this.stores.findMany(scope, ids)).map(({ id }) => id));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) throw notFound('vector store', missing);
  }

  /** Puts a file into a store that is there. Throws 404 and, where the store has expired, 400. */
  async addFile(scope: TenantScope, id: string, file: NewStoreFile): Promise<StoreFileRecord> {
    return this.database.transaction(async () => {
      await this.hold(scope, id);
      await this.storeFiles.put(scope, { vectorStoreId: id }, [file]);
      return this.storeFiles.get(scope, id, file.fileId);
    });
  }

  /** Throws 404, 404 for the file and, where the store has expired, 400. */
  async setFileAttributes(
    scope: TenantScope,
    id: string,
    fileId: string,
    attributes: Attributes,
  ): Promise<StoreFileRecord> {
    return this.database.transaction(async () => {
      await this.hold(scope, id);
      return this.storeFiles.setAttributes(scope, id, fileId, attributes);
    });
  }

  /** Takes a file out of a store, which may have expired; the file itself stays. Throws 404, and 404 for the file. */
  async removeFile(scope: TenantScope, id: string, fileId: string): Promise<void> {
    await this.database.transaction(async () => {
      await this.get(scope, id);
      await this.stores.touch(scope, [id]);
      await this.storeFiles.remove(scope, id, fileId);
    });
  }

  /**
   * Finds chunks in all of the stores together, best first. A search is activity, which moves their expiry. Stores that
   * are gone or have expired give nothing: what names them may be older than their end.
   */
  async search(
    scope: TenantScope,
    storeIds: readonly string[],
    request: StoreSearchRequest,
  ): Promise<StoreSearchHit[]> {
    const now = new Date();
    const living = (await this.stores.forSearch(scope, storeIds)).filter((store) => !hasExpired(store, now));
    return this.searchLiving(scope, living, request);
  }

  /** As `search`, in one store. Throws 404, and 400 where it has expired. */
  async searchOne(scope: TenantScope, id: string, request: StoreSearchRequest): Promise<StoreSearchHit[]> {
    const [store] = await this.stores.forSearch(scope, [id]);
    if (!store) throw notFound('vector store', id);
    if (hasExpired(store, new Date())) throw storeExpired(id);
    return this.searchLiving(scope, [store], request);
  }

  /** Whether every file of the stores has arrived or failed. */
  async areReady(scope: TenantScope, storeIds: readonly string[]): Promise<boolean> {
    return storeIds.length === 0 || !(await this.repository.anyInProgress(scope, storeIds));
  }

  /** Waits until the stores are ready, at most the given time. Whether they are; false where the signal aborts, too. */
  async waitUntilReady(scope: TenantScope, storeIds: readonly string[], patience: Patience = {}): Promise<boolean> {
    return pollUntil(() => this.areReady(scope, storeIds), patience);
  }

  /** The same for one file of a store, as it is then: `in_progress` where it took too long. Throws 404. */
  async waitForFile(scope: TenantScope, id: string, fileId: string, patience: Patience = {}): Promise<StoreFileRecord> {
    let file = await this.storeFiles.get(scope, id, fileId);
    await pollUntil(async () => {
      file = await this.storeFiles.get(scope, id, fileId);
      return file.status !== 'in_progress';
    }, patience);
    return file;
  }

  private async searchLiving(
    scope: TenantScope,
    stores: readonly SearchedStore[],
    request: StoreSearchRequest,
  ): Promise<StoreSearchHit[]> {
    if (stores.length === 0) return [];
    const quiet = stores.filter(({ isQuiet }) => isQuiet).map(({ id }) => id);
    if (quiet.length > 0) await this.stores.touch(scope, quiet);
    return this.searches.search(scope, stores, request);
  }
}

/** Whether it came true in time; false where the signal aborts, too. */
async function pollUntil(
  isTrue: () => Promise<boolean>,
  { patienceMs = READINESS_PATIENCE_MS, signal }: Patience,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!(await isTrue())) {
    if (signal?.aborted || performance.now() >= deadline) return false;
    await sleep(READINESS_POLL_MS, signal);
  }
  return true;
}

function demandLiving(store: VectorStoreRecord): VectorStoreRecord {
  if (hasExpired(store, new Date())) throw storeExpired(store.id);
  return store;
}
