import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { JobQueue } from '../../../jobs/job-queue.js';
import { DOCUMENT_SUMMARISER, type DocumentSummariser } from './document-summariser.js';
import { SummaryClaims } from './summary-claims.js';
import { SummaryQueue } from './summary-queue.js';
import { SummaryWorker } from './summary-worker.js';

/** Of one process: the model that summarises is likely to be one that answers people, too. */
const AT_ONCE = 2;

/** Takes summaries from a queue of their own: no file waits for a model that is slow. */
@Injectable()
export class SummaryProcessor implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DOCUMENT_SUMMARISER) private readonly summariser: DocumentSummariser,
    private readonly jobs: JobQueue,
    private readonly queue: SummaryQueue,
    private readonly claims: SummaryClaims,
    private readonly worker: SummaryWorker,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.ROLE === 'api' || this.summariser.model === undefined) return;
    this.jobs.process('summarise-file', AT_ONCE, ({ slot }, signal) => this.work(slot, signal));
  }

  private async work(slot: number, shutdown: AbortSignal): Promise<void> {
    if (shutdown.aborted) return;
    const work = await this.claims.take();
    if (!work) return;
    try {
      await this.worker.work(work, shutdown);
    } finally {
      await this.queue.goOn(slot);
    }
  }
}
