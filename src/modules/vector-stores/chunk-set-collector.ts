import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import type { ChunkIndex } from '@libs/retrieval';
import { CHUNK_INDEX } from './chunk-index/chunk-index.token.js';
import { SummaryIndex } from './summaries/summary-index.js';
import { ChunkSetsRepository, type UselessSet } from './chunk-sets.repository.js';

const SETS_AT_ONCE = 100;

/** Removes sets of chunks that belong to no file any more: of deleted files and stores, of lost and cancelled workers. */
@Injectable()
export class ChunkSetCollector implements BeforeApplicationShutdown {
  private readonly logger = new Logger('VectorStores');
  private running: Promise<void> | undefined;
  private isAskedAgain = false;
  private isStopping = false;

  constructor(
    @Inject(CHUNK_INDEX) private readonly index: ChunkIndex,
    private readonly sets: ChunkSetsRepository,
    private readonly summaries: SummaryIndex,
  ) {}

  /** What is left is for the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  /** Begins without making the caller wait. What a crash prevents, the next round does. */
  collectSoon(): void {
    void this.collect();
  }

  /** Resolves when all that is useless now is gone. Never throws. */
  collect(): Promise<void> {
    if (this.isStopping) return this.running ?? Promise.resolve();
    if (this.running) this.isAskedAgain = true;
    this.running ??= this.collectAll().finally(() => (this.running = undefined));
    return this.running;
  }

  private async collectAll(): Promise<void> {
    try {
      do {
        this.isAskedAgain = false;
        await this.collectRounds();
      } while (this.isAskedAgain && !this.isStopping);
    } catch (error) {
      this.logger.error(`Chunks of no file could not be removed: ${errorMessage(error)}`);
    }
  }

  private async collectRounds(): Promise<void> {
    for (let round: UselessSet[]; ;) {
      round = await this.sets.findUseless(SETS_AT_ONCE);
      const goneStores = new Set<string>();
      for (const set of round) {
        if (this.isStopping) return;
        if (!goneStores.has(set.vectorStoreId)) await this.remove(set);
        if (set.isOfDeletedStore) goneStores.add(set.vectorStoreId);
      }
      if (round.length < SETS_AT_ONCE || this.isStopping) return;
    }
  }

  private async remove({ id, projectId, vectorStoreId, isOfDeletedStore }: UselessSet): Promise<void> {
    if (isOfDeletedStore) {
      await this.index.deleteStore({ projectId }, vectorStoreId);
      await this.summaries.removeAll({ projectId }, vectorStoreId);
      await this.sets.dropStore(vectorStoreId);
    } else {
      await this.index.deleteFile({ projectId }, vectorStoreId, id);
      await this.summaries.remove({ projectId }, vectorStoreId, id);
      await this.sets.drop([id]);
    }
  }
}
