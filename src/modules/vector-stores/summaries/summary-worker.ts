import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import type { ChunkIndex } from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import type { ClaimWatch } from '../../../jobs/claim-watch.js';
import { FilesService } from '../../files/index.js';
import { ChunkSetCollector } from '../chunk-set-collector.js';
import { CHUNK_INDEX } from '../chunk-index/chunk-index.token.js';
import { DOCUMENT_SUMMARISER, type DocumentSummariser } from './document-summariser.js';
import { SummariesRepository } from './summaries.repository.js';
import { SummaryClaims, type ClaimedSummary } from './summary-claims.js';
import { SummaryIndex } from './summary-index.js';
import { textOfChunks } from './summary-text.js';
import { delayAfter } from './summary-tries.js';

/** Summarises a file that is in its store. Whatever becomes of that, the file stays as it is. */
@Injectable()
export class SummaryWorker {
  private readonly logger = new Logger('Summaries');

  constructor(
    @Inject(CHUNK_INDEX) private readonly chunks: ChunkIndex,
    @Inject(DOCUMENT_SUMMARISER) private readonly summariser: DocumentSummariser,
    private readonly database: Database,
    private readonly claims: SummaryClaims,
    private readonly summaries: SummariesRepository,
    private readonly index: SummaryIndex,
    private readonly files: FilesService,
    private readonly collector: ChunkSetCollector,
  ) {}

  /** To its end, or until it is stopped. Throws only where the database cannot be asked. */
  async work(work: ClaimedSummary, shutdown: AbortSignal): Promise<void> {
    const watch = this.claims.watch(work, shutdown);
    try {
      await this.write(work, watch);
    } catch (error) {
      await this.end(work, watch, error);
    } finally {
      watch.stop();
      await this.claims.release(work);
      this.collector.collectSoon();
    }
  }

  private async write({ file, claim, chunkSetId }: ClaimedSummary, { signal }: ClaimWatch): Promise<void> {
    if (chunkSetId === null) return this.summaries.giveUp(file.id, claim.token, null);
    const { projectId, vectorStoreId, fileId, attributes } = file;
    const scope = { projectId };
    const text = textOfChunks(await this.chunks.chunksOf(scope, vectorStoreId, chunkSetId));
    const summary = await this.summariser.summarise(text, signal);
    const { filename } = await this.files.get(scope, fileId);
    await this.index.put(scope, { vectorStoreId, chunkSetId, filename, attributes, text: summary }, signal);
    signal.throwIfAborted();
    if (await this.complete({ file, claim, chunkSetId }, summary)) return;
    await this.index.remove(scope, vectorStoreId, chunkSetId);
  }

  /**
   * The row is held until the index has the attributes as they are now, so that nobody changes them in between.
   *
   * @returns false: the file is no longer this worker's
   */
  private complete(
    { file, claim, chunkSetId }: ClaimedSummary & { chunkSetId: string },
    summary: string,
  ): Promise<boolean> {
    return this.database.transaction(async () => {
      const attributes = await this.summaries.complete(file.id, claim.token, summary);
      if (attributes === null || isDeepStrictEqual(attributes, file.attributes)) return attributes !== null;
      await this.index.setAttributes(file, file.vectorStoreId, chunkSetId, attributes);
      return true;
    });
  }

  private async end({ file, claim, chunkSetId }: ClaimedSummary, watch: ClaimWatch, error: unknown): Promise<void> {
    if (watch.isLost) {
      if (chunkSetId !== null) await this.index.remove(file, file.vectorStoreId, chunkSetId);
      return;
    }
    if (watch.signal.aborted) {
      return this.summaries.giveBack(file.id, claim.token, { delayMs: 0, counts: false });
    }
    const delayMs = delayAfter(file.summaryTries);
    this.logger.warn({ storeFile: file.id, again: delayMs !== null }, `Not summarised: ${errorMessage(error)}`);
    if (delayMs === null) await this.summaries.giveUp(file.id, claim.token, 'failed');
    else await this.summaries.giveBack(file.id, claim.token, { delayMs, counts: true });
  }
}
