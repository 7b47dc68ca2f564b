import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import {
  UnreadableDocumentError,
  type ChunkDocument,
  type ChunkIndex,
  type EmbedTexts,
  type ParsedDocument,
} from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import type { ClaimWatch } from '../../../jobs/claim-watch.js';
import { CHUNK_DOCUMENT } from '../../../providers/documents.module.js';
import { CHUNK_INDEX } from '../chunk-index/chunk-index.token.js';
import { TEXT_EMBEDDER, type TextEmbedder } from '../chunk-index/text-embedder.js';
import { ChunkSetCollector } from '../chunk-set-collector.js';
import { ChunkSetsRepository } from '../chunk-sets.repository.js';
import { SummaryQueue } from '../summaries/summary-queue.js';
import { DocumentFiles } from './document-files.js';
import { DocumentReader } from './document-reader.js';
import { toKeptMetadata } from './document-metadata.js';
import { IngestionClaims, type ClaimedFile } from './ingestion-claims.js';
import { endOf, GIVEN_UP, MOST_TRIES } from './ingestion-end.js';
import { IngestionRepository } from './ingestion.repository.js';
import { ProgressNotes } from './progress-notes.js';

/** Per cents at which a part of the work is done. */
const PARSED = 30;
const CHUNKED = 40;
const ALL_BUT_DONE = 99;

/** Brings a claimed file into its store: blob, text, chunks, index. */
@Injectable()
export class IngestionWorker {
  private readonly logger = new Logger('Ingestion');

  constructor(
    @Inject(CHUNK_DOCUMENT) private readonly chunk: ChunkDocument,
    @Inject(CHUNK_INDEX) private readonly index: ChunkIndex,
    @Inject(TEXT_EMBEDDER) private readonly embedder: TextEmbedder,
    private readonly database: Database,
    private readonly claims: IngestionClaims,
    private readonly documents: DocumentFiles,
    private readonly reader: DocumentReader,
    private readonly files: IngestionRepository,
    private readonly sets: ChunkSetsRepository,
    private readonly collector: ChunkSetCollector,
    private readonly summaries: SummaryQueue,
  ) {}

  /** To the file's end, or until it is stopped. Throws only where the database cannot be asked. */
  async ingest(work: ClaimedFile, shutdown: AbortSignal): Promise<void> {
    const watch = this.claims.watch(work, shutdown);
    try {
      if (work.file.claims > MOST_TRIES) await this.fail(work, GIVEN_UP);
      else await this.bring(work, watch);
    } catch (error) {
      await this.end(work, watch, error);
    } finally {
      watch.stop();
      await this.sets.release(work.chunkSetId);
      this.collector.collectSoon();
    }
  }

  private async bring(work: ClaimedFile, watch: ClaimWatch): Promise<void> {
    const { file, claim, chunkSetId } = work;
    const { signal } = watch;
    const notes = new ProgressNotes(
      (percent) => this.files.noteProgress(file.id, claim.token, percent),
      () => watch.loseIt(),
    );
    const document = await this.parse(work, signal);
    notes.reach(PARSED);
    const chunks = await this.chunk(document, { strategy: file.chunking, embed: this.embedFor(file), signal });
    if (chunks.length === 0) throw new UnreadableDocumentError('invalid_file', 'The file contains no text.');
    notes.reach(CHUNKED);
    const { projectId, vectorStoreId, attributes } = file;
    const indexed = { vectorStoreId, fileId: chunkSetId, filename: document.filename, attributes };
    const onProgress = notes.between(CHUNKED, ALL_BUT_DONE);
    const usageBytes = await this.index.replaceFile({ projectId }, indexed, chunks, { signal, onProgress });
    signal.throwIfAborted();
    await this.complete(work, { usageBytes, documentMetadata: toKeptMetadata(document.metadata) });
  }

  /**
   * What compares a document's sentences where its chunking asks for it. Not in the last try: a model that has been
   * silent in all others does not keep the file out.
   */
  private embedFor({ projectId, claims }: ClaimedFile['file']): EmbedTexts | undefined {
    if (this.embedder.model === undefined || claims >= MOST_TRIES) return undefined;
    return (texts, signal) => this.embedder.embedTexts({ projectId }, texts, signal);
  }

  private parse({ file }: ClaimedFile, signal: AbortSignal): Promise<ParsedDocument & { filename: string }> {
    return this.documents.withFile({ projectId: file.projectId }, file.fileId, signal, async ({ path, filename }) => {
      const document = await this.reader.read({ path, filename, signal });
      return { ...document, filename };
    });
  }

  /**
   * The attributes may have been changed since they were read, and the index must not keep the former ones. The row is
   * held meanwhile, so that they are not changed once more in between.
   */
  private async complete(work: ClaimedFile, done: Parameters<IngestionRepository['complete']>[2]): Promise<void> {
    const { file, claim, chunkSetId } = work;
    await this.database.transaction(async () => {
      const attributes = await this.files.complete(file.id, claim.token, done);
      if (attributes === null || isDeepStrictEqual(attributes, file.attributes)) return;
      await this.index.setAttributes(file, file.vectorStoreId, chunkSetId, attributes);
    });
    this.summaries.wakeSoon();
  }

  private async end(work: ClaimedFile, watch: ClaimWatch, error: unknown): Promise<void> {
    const { file, claim } = work;
    // The set may be gone from the collector's list already: what was written late must go as well.
    if (watch.isLost) return this.index.deleteFile(file, file.vectorStoreId, work.chunkSetId);
    if (watch.signal.aborted) return this.files.giveBack(file.id, claim.token, { delayMs: 0, counts: false });
    const end = endOf(error, file.claims);
    if (end.type === 'failed') {
      await this.fail(work, end.error);
      return;
    }
    this.logger.warn({ storeFile: file.id }, `To be tried again: ${errorMessage(error)}`);
    await this.files.giveBack(file.id, claim.token, { delayMs: end.delayMs, counts: true });
  }

  private async fail({ file, claim }: ClaimedFile, error: Parameters<IngestionRepository['fail']>[2]): Promise<void> {
    if (await this.files.fail(file.id, claim.token, error)) await this.sets.forsake(file, [file.id]);
  }
}
