import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { CONFIG } from '../../../common/config.token.js';
import { RepeatedWork } from '../../../jobs/repeated-work.js';
import { ChunkSetCollector } from '../chunk-set-collector.js';
import { SummaryQueue } from '../summaries/summary-queue.js';
import { StoreExpiry } from '../store-expiry.js';
import { IngestionQueue, SLOTS } from './ingestion-queue.js';
import { IngestionRepository } from './ingestion.repository.js';

/** Rounds in the time of a lease. */
const ROUNDS_A_LEASE = 3;

/**
 * Looks for what nobody cares for: files and summaries of lost workers and lost jobs, those to be tried again, stores
 * that have expired, chunks of no file.
 */
@Injectable()
export class IngestionReaper implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Ingestion');
  private readonly rounds: RepeatedWork;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly files: IngestionRepository,
    private readonly queue: IngestionQueue,
    private readonly expiry: StoreExpiry,
    private readonly collector: ChunkSetCollector,
    private readonly summaries: SummaryQueue,
  ) {
    this.rounds = new RepeatedWork(
      () => this.reap(),
      (config.INGESTION_LEASE_SECONDS * 1000) / ROUNDS_A_LEASE,
      (error) => this.tell(error),
    );
  }

  async start(): Promise<void> {
    if (this.config.DATABASE_URL === undefined) {
      await this.files.voidAllLeases();
      await this.summaries.voidAllLeases();
    }
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  /** Where the queue does not answer, what needs no worker is done all the same. */
  private async reap(): Promise<void> {
    await this.wakeWorkers().catch((error: unknown) => this.tell(error));
    await this.expiry.emptyExpired();
    await this.collector.collect();
  }

  private async wakeWorkers(): Promise<void> {
    await this.queue.wake(await this.files.countWaiting(SLOTS));
    await this.summaries.wake();
  }

  private tell(error: unknown): void {
    this.logger.error(`Could not look for files to ingest: ${errorMessage(error)}`);
  }
}
