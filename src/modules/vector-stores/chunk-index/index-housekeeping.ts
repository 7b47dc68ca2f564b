import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { Database } from '../../../database/database.js';
import { EmbeddingsRepository } from './embeddings.repository.js';
import { IndexUpkeep } from './index-upkeep.js';
import { IndexVectorsRepository } from './index-vectors.repository.js';
import { VectorIndexes } from './vector-indexes.js';
import { VectorFiller } from './vector-filler.js';

/**
 * One process does it at a time: others would embed the same texts at the same time, and two that build indexes of one
 * table concurrently wait for each other until Postgres ends one of them.
 */
const NAME = 'index-housekeeping';
const INTERVAL_MS = 10 * 60 * 1000;
/** What ingestion left without vectors is tried again so soon. */
const FILLING_INTERVAL_MS = 60 * 1000;
/** For so long a text that comes again need not be embedded again. */
const EMBEDDING_LIFE_MS = 30 * 24 * 3600 * 1000;

/** Cleans the index of what is gone, and has chunks without vectors embedded, at start and now and then. */
@Injectable()
export class IndexHousekeeping implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('ChunkIndex');
  private readonly stopping = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly upkeep: IndexUpkeep,
    private readonly vectors: IndexVectorsRepository,
    private readonly embeddings: EmbeddingsRepository,
    private readonly filler: VectorFiller,
    private readonly indexes: VectorIndexes,
  ) {}

  /** Before the first request: whether there are vectors decides how it is answered. */
  async onModuleInit(): Promise<void> {
    const state = await this.vectors.prepare();
    if (!state.available) this.logger.log(`No search by vectors: ${state.reason}`);
  }

  /** Does not hold up the start. */
  onApplicationBootstrap(): void {
    this.tidy();
    this.timers.push(setInterval(() => this.tidy(), INTERVAL_MS));
    this.timers.push(setInterval(() => this.fillSoon(), FILLING_INTERVAL_MS));
    for (const timer of this.timers) timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.stopping.abort();
    await this.work;
  }

  private tidy(): void {
    this.after(async () => {
      await this.database.exclusively(NAME, () => this.tidyAll(this.stopping.signal));
      if (this.vectors.state.available) await this.indexes.look();
    });
  }

  private fillSoon(): void {
    if (!this.filler.hasLeftSome) return;
    this.after(async () => {
      if (!this.filler.hasLeftSome) return;
      await this.database.exclusively(NAME, () => this.filler.fillAll(this.stopping.signal));
    });
  }

  private after(task: () => Promise<void>): void {
    this.work = this.work.then(async () => {
      try {
        await task();
      } catch (error) {
        if (!this.stopping.signal.aborted) this.logger.warn(`The index could not be tidied: ${errorMessage(error)}`);
      }
    });
  }

  private async tidyAll(signal: AbortSignal): Promise<void> {
    await this.upkeep.tidy(signal);
    await this.embeddings.removeBefore(new Date(Date.now() - EMBEDDING_LIFE_MS));
    await this.filler.fillAll(signal);
    if (this.vectors.state.available) await this.indexes.tidy(signal);
  }
}
