import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { FilesHousekeeping, type BlobKeeper } from '../files/index.js';
import { PartBlobs } from './part-blobs.js';
import { UploadPartsRepository } from './upload-parts.repository.js';
import { COMPLETION_GRACE_MS } from './upload-state.js';
import { UploadsRepository } from './uploads.repository.js';
import { UploadsService } from './uploads.service.js';

const UPLOADS_AT_ONCE = 100;

/** Lets the housekeeping of files know of parts: those in use stay, those of expired uploads go. */
@Injectable()
export class UploadsHousekeeping implements BlobKeeper, OnModuleInit {
  constructor(
    private readonly housekeeping: FilesHousekeeping,
    private readonly database: Database,
    private readonly repository: UploadsRepository,
    private readonly uploads: UploadsService,
    private readonly parts: UploadPartsRepository,
    private readonly blobs: PartBlobs,
  ) {}

  onModuleInit(): void {
    this.housekeeping.register(this);
  }

  usedBlobKeys(keys: readonly string[]): Promise<ReadonlySet<string>> {
    return this.parts.usedBlobKeys(keys);
  }

  async removeExpired(): Promise<void> {
    for (;;) {
      const endedBefore = new Date(Date.now() - COMPLETION_GRACE_MS);
      const outlived = await this.repository.findOutlived(endedBefore, UPLOADS_AT_ONCE);
      for (const { id, projectId } of outlived) await this.expire(projectId, id);
      if (outlived.length < UPLOADS_AT_ONCE) return;
    }
  }

  /** It may have been completed since it was found. */
  private async expire(projectId: string, id: string): Promise<void> {
    const scope = { projectId };
    const removed = await this.database.transaction(async () => {
      const { status } = await this.uploads.lock(scope, id);
      return status === 'pending' ? (await this.uploads.end(scope, id, { status: 'expired' })).removed : [];
    });
    await this.blobs.discard(removed);
  }
}
