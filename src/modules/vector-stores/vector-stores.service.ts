import { Injectable } from '@nestjs/common';
import { sleep } from '@libs/kernel';
import { notFound } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { StoreFilesRepository } from './store-files.repository.js';
import { StoreSearch } from './store-search.js';
import { hasExpired } from './vector-store-state.js';
import { VectorStoresRepository } from './vector-stores.repository.js';
import type { StoreSearchHit, StoreSearchRequest, VectorStoreRecord } from './vector-stores.types.js';

/** How long OpenAI's runs wait for files that are on their way (openai-wire.md section 7). */
const READINESS_PATIENCE_MS = 60_000;
const READINESS_POLL_MS = 250;

/** Vector stores of a project. */
@Injectable()
export class VectorStoresService {
  constructor(
    private readonly stores: VectorStoresRepository,
    private readonly files: StoreFilesRepository,
    private readonly searches: StoreSearch,
  ) {}

  /** Throws 404. */
  async get(scope: TenantScope, id: string): Promise<VectorStoreRecord> {
    const store = await this.stores.find(scope, id);
    if (!store) throw notFound('vector store', id);
    return store;
  }

  /** Throws 404 for the first that is missing. */
  async demand(scope: TenantScope, ids: readonly string[]): Promise<void> {
    const found = new Set((await this.stores.findMany(scope, ids)).map(({ id }) => id));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) throw notFound('vector store', missing);
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
    const living = (await this.stores.findMany(scope, storeIds)).filter((store) => !hasExpired(store, now));
    if (living.length === 0) return [];
    const ids = living.map(({ id }) => id);
    await this.stores.touch(scope, ids);
    return this.searches.search(scope, ids, request);
  }

  /** Whether every file of the stores has arrived or failed. */
  async areReady(scope: TenantScope, storeIds: readonly string[]): Promise<boolean> {
    return storeIds.length === 0 || !(await this.files.anyInProgress(scope, storeIds));
  }

  /** Waits until the stores are ready, at most the given time. Whether they are; false where the signal aborts, too. */
  async waitUntilReady(
    scope: TenantScope,
    storeIds: readonly string[],
    { patienceMs = READINESS_PATIENCE_MS, signal }: { patienceMs?: number; signal?: AbortSignal } = {},
  ): Promise<boolean> {
    const deadline = performance.now() + patienceMs;
    while (!(await this.areReady(scope, storeIds))) {
      if (signal?.aborted || performance.now() >= deadline) return false;
      await sleep(READINESS_POLL_MS, signal);
    }
    return true;
  }
}
