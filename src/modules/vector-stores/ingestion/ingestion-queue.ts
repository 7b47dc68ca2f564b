import { Injectable } from '@nestjs/common';
import { JobQueue } from '../../../jobs/job-queue.js';

/** Jobs that wait at once, and so the most files that all processes together work on. */
export const SLOTS = 32;

/**
 * Tells the workers that there is work. A job names no file: whoever takes it takes the file whose turn it is, and asks
 * for the next one afterwards. So thousands of files are a few jobs, and the order is that of the turns.
 */
@Injectable()
export class IngestionQueue {
  constructor(private readonly queue: JobQueue) {}

  /** @param files how many wait for a worker */
  async wake(files: number): Promise<void> {
    for (let slot = 0; slot < Math.min(files, SLOTS); slot += 1) await this.goOn(slot);
  }

  /** Does not make the caller wait. The reaper asks again for workers that could not be asked for now. */
  wakeSoon(files: number): void {
    this.wake(files).catch(() => undefined);
  }

  async goOn(slot: number): Promise<void> {
    await this.queue.add('ingest-file', { slot }, { key: `slot-${slot}` });
  }
}
