import { Inject, Injectable } from '@nestjs/common';
import { JobQueue } from '../../../jobs/job-queue.js';
import { DOCUMENT_SUMMARISER, type DocumentSummariser } from './document-summariser.js';
import { SummariesRepository } from './summaries.repository.js';

/** Jobs that wait at once. */
const SLOTS = 8;

/** Tells the workers that documents are to be summarised. A job names no file: see `IngestionQueue`. */
@Injectable()
export class SummaryQueue {
  constructor(
    @Inject(DOCUMENT_SUMMARISER) private readonly summariser: DocumentSummariser,
    private readonly summaries: SummariesRepository,
    private readonly queue: JobQueue,
  ) {}

  /** Asks for a worker for each that waits. Without a model they go on waiting. */
  async wake(): Promise<void> {
    if (this.summariser.model === undefined) return;
    const waiting = await this.summaries.countWaiting(SLOTS);
    for (let slot = 0; slot < waiting; slot += 1) await this.goOn(slot);
  }

  /** Does not make the caller wait. The reaper asks again for workers that could not be asked for now. */
  wakeSoon(): void {
    this.wake().catch(() => undefined);
  }

  async goOn(slot: number): Promise<void> {
    await this.queue.add('summarise-file', { slot }, { key: `slot-${slot}` });
  }

  /** As long as no worker runs. */
  voidAllLeases(): Promise<void> {
    return this.summaries.voidAllLeases();
  }
}
