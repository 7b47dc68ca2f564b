import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { Database } from './database.js';
import { pruneTombstones } from './tombstones.js';

const INTERVAL_MS = 60 * 60 * 1000;

/** Removes, once an hour, the places of objects deleted too long ago to be anybody's cursor. */
@Injectable()
export class TombstoneHousekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async prune(): Promise<void> {
    try {
      await pruneTombstones(this.database.manager, new Date());
    } catch (error) {
      this.logger.warn(`Old tombstones could not be removed: ${errorMessage(error)}`);
    }
  }
}
