import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { JobQueue } from '../../../jobs/job-queue.js';
import { DocumentFiles } from './document-files.js';
import { IngestionClaims } from './ingestion-claims.js';
import { IngestionQueue } from './ingestion-queue.js';
import { IngestionReaper } from './ingestion-reaper.js';
import { IngestionWorker } from './ingestion-worker.js';

/** Takes files from the queue, which is not that of runs: however many there are, no run waits for them. */
@Injectable()
export class IngestionProcessor implements OnApplicationBootstrap {
  private readonly logger = new Logger('Ingestion');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: JobQueue,
    private readonly queue: IngestionQueue,
    private readonly claims: IngestionClaims,
    private readonly worker: IngestionWorker,
    private readonly documents: DocumentFiles,
    private readonly reaper: IngestionReaper,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.ROLE === 'api') return;
    await this.documents.prepare();
    this.jobs.process('ingest-file', this.config.INGESTION_CONCURRENCY, ({ slot }, signal) => this.work(slot, signal));
    await this.reaper.start();
  }

  /** One file a job, so that a process that is to end finishes its file and takes no other. */
  private async work(slot: number, shutdown: AbortSignal): Promise<void> {
    if (shutdown.aborted) return;
    const work = await this.claims.take();
    if (!work) return;
    if (work.file.claims > 1) this.logger.warn({ storeFile: work.file.id }, 'Taking up a file once more.');
    try {
      await this.worker.ingest(work, shutdown);
    } finally {
      await this.queue.goOn(slot);
    }
  }
}
