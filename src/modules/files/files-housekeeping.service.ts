import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { BlobStore } from '../../storage/blob-store.js';
import type { BlobKeeper } from './blob-keeper.js';
import { FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';

const EXPIRY_INTERVAL_MS = 10 * 60 * 1000;
const EXPIRED_FILES_AT_ONCE = 100;
const KEYS_PER_QUESTION = 500;

/** A younger blob may belong to an upload that has not got its row yet. */
const ORPHAN_AGE_MS = 60 * 60 * 1000;

/** Removes expired files now and then, and at start what a crash between a blob and its row has left. */
@Injectable()
export class FilesHousekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('FilesHousekeeping');
  private readonly stopping = new AbortController();
  private readonly keepers: BlobKeeper[] = [];
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly files: FilesService,
    private readonly repository: FilesRepository,
    private readonly blobs: BlobStore,
  ) {}

  /** To be called before the application has started, or the keeper's blobs count as orphans. */
  register(keeper: BlobKeeper): void {
    this.keepers.push(keeper);
  }

  /** Does not hold up the start. */
  onApplicationBootstrap(): void {
    this.enqueue(async () => {
      await this.removeOrphans();
      await this.removeExpired();
    });
    this.timer = setInterval(() => this.enqueue(() => this.removeExpired()), EXPIRY_INTERVAL_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.work;
  }

  /** Gives how many files were removed. */
  async removeExpired(): Promise<number> {
    let removed = 0;
    for (const keeper of this.keepers) await keeper.removeExpired();
    for (let batch = EXPIRED_FILES_AT_ONCE; batch === EXPIRED_FILES_AT_ONCE && !this.stopping.signal.aborted;) {
      batch = await this.files.deleteExpired(EXPIRED_FILES_AT_ONCE);
      removed += batch;
    }
    return removed;
  }

  /** Gives how many were removed. */
  async removeOrphans(): Promise<number> {
    let removed = 0;
    let keys: string[] = [];
    for await (const { key, modifiedAt } of this.blobs.list()) {
      if (this.stopping.signal.aborted) return removed;
      if (Date.now() - modifiedAt.getTime() > ORPHAN_AGE_MS) keys.push(key);
      if (keys.length < KEYS_PER_QUESTION) continue;
      removed += await this.removeUnused(keys);
      keys = [];
    }
    return removed + (await this.removeUnused(keys));
  }

  private async removeUnused(keys: readonly string[]): Promise<number> {
    if (keys.length === 0) return 0;
    const used: ReadonlySet<string>[] = [await this.repository.usedBlobKeys(keys)];
    for (const keeper of this.keepers) used.push(await keeper.usedBlobKeys(keys));
    const orphans = keys.filter((key) => !used.some((known) => known.has(key)));
    for (const key of orphans) await this.blobs.delete(key);
    return orphans.length;
  }

  /** One after the other, and a failure never reaches the application. */
  private enqueue(work: () => Promise<void | number>): void {
    this.work = this.work.then(async () => {
      try {
        if (!this.stopping.signal.aborted) await work();
      } catch (error) {
        this.logger.error(errorMessage(error));
      }
    });
  }
}
