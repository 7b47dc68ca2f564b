import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { IndexUpkeep } from './index-upkeep.js';

const INTERVAL_MS = 60 * 60 * 1000;

/** Cleans the index at start and once an hour of what is gone. */
@Injectable()
export class IndexHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('ChunkIndex');
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly upkeep: IndexUpkeep) {}

  /** Does not hold up the start. */
  onApplicationBootstrap(): void {
    this.tidy();
    this.timer = setInterval(() => this.tidy(), INTERVAL_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.work;
  }

  private tidy(): void {
    this.work = this.work.then(async () => {
      try {
        await this.upkeep.tidy(this.stopping.signal);
      } catch (error) {
        if (!this.stopping.signal.aborted) this.logger.warn(`The index could not be tidied: ${errorMessage(error)}`);
      }
    });
  }
}
