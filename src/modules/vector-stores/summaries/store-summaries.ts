import { Inject, Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../common/principal.js';
import { Database } from '../../../database/database.js';
import { noSummaryModel } from '../vector-stores.errors.js';
import { DOCUMENT_SUMMARISER, type DocumentSummariser } from './document-summariser.js';
import { SummariesRepository } from './summaries.repository.js';
import { SummaryIndex } from './summary-index.js';
import { SummaryQueue } from './summary-queue.js';

/** Whether the documents of a store are summarised. */
@Injectable()
export class StoreSummaries {
  constructor(
    @Inject(DOCUMENT_SUMMARISER) private readonly summariser: DocumentSummariser,
    private readonly database: Database,
    private readonly summaries: SummariesRepository,
    private readonly index: SummaryIndex,
    private readonly queue: SummaryQueue,
  ) {}

  /** Throws 400 where no model makes summaries. */
  demandModel(): void {
    if (this.summariser.model === undefined) throw noSummaryModel();
  }

  /**
   * Has the files of a store that the caller's transaction holds summarised, those that failed once more; or forgets what
   * there is of summaries. A crash may leave them in the index, where nobody searches them then.
   */
  async set(scope: TenantScope, vectorStoreId: string, isOn: boolean): Promise<void> {
    if (isOn) {
      await this.summaries.ask(scope, vectorStoreId);
      this.database.afterCommit(() => this.queue.wakeSoon());
    } else {
      await this.summaries.forget(scope, vectorStoreId);
      this.database.afterCommit(() => void this.index.removeAll(scope, vectorStoreId).catch(() => undefined));
    }
  }
}
