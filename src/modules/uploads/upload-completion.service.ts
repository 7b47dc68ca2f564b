import { Injectable } from '@nestjs/common';
import { WireError } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { BlobNotFoundError } from '../../storage/blob-store.js';
import { FilesService, type FileRecord, type StoredContent } from '../files/index.js';
import type { CompleteUploadDto } from './dto/create-upload.dto.js';
import { PartBlobs } from './part-blobs.js';
import { orderParts } from './upload-parts-rules.js';
import { UploadPartsRepository } from './upload-parts.repository.js';
import { demandNotEnded, demandPending } from './upload-state.js';
import { beingCompleted, checksumMismatch } from './uploads.errors.js';
import { UploadsService } from './uploads.service.js';
import type { UploadPartRecord, UploadRecord } from './uploads.types.js';

const COMPLETE = 'complete';

/**
 * Makes a file of an upload's parts. The parts are joined into a blob of its own first; one transaction then makes the
 * file, ends the upload and lets go of the parts. Whatever breaks before leaves a pending upload and a blob that no row
 * names, whatever breaks afterwards leaves blobs of parts that no row names: housekeeping removes either.
 */
@Injectable()
export class UploadCompletionService {
  private readonly underWay = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly uploads: UploadsService,
    private readonly parts: UploadPartsRepository,
    private readonly blobs: PartBlobs,
    private readonly files: FilesService,
  ) {}

  /** Throws 400 for wrong parts, a wrong checksum and an upload that is not pending; 409 while it is being completed. */
  async complete(
    scope: TenantScope,
    id: string,
    { part_ids: partIds, md5 }: CompleteUploadDto,
  ): Promise<{ upload: UploadRecord; file: FileRecord }> {
    const upload = await this.uploads.get(scope, id);
    demandPending(upload, COMPLETE, new Date());
    const parts = orderParts(upload, await this.parts.listOf(scope, id), partIds);
    if (this.underWay.has(id)) throw beingCompleted(id);
    this.underWay.add(id);
    try {
      return await this.makeFile(scope, upload, await this.join(scope, upload, parts, md5 ?? undefined));
    } finally {
      this.underWay.delete(id);
    }
  }

  private async join(
    scope: TenantScope,
    { id, bytes }: UploadRecord,
    parts: readonly UploadPartRecord[],
    expectedMd5: string | undefined,
  ): Promise<StoredContent> {
    const { content, md5 } = this.blobs.join(parts.map((part) => part.id));
    const stored = await this.files.storeContent(content, bytes).catch(async (error: unknown) => {
      // The upload was cancelled meanwhile, and its parts are gone.
      if (error instanceof BlobNotFoundError) demandNotEnded(await this.uploads.get(scope, id), COMPLETE);
      throw error;
    });
    const found = md5();
    if (expectedMd5 === undefined || expectedMd5.toLowerCase() === found) return stored;
    await this.files.discardContent(stored);
    throw checksumMismatch(found);
  }

  private async makeFile(
    scope: TenantScope,
    { id, filename, purpose, fileLifeSeconds }: UploadRecord,
    stored: StoredContent,
  ): Promise<{ upload: UploadRecord; file: FileRecord }> {
    const life = fileLifeSeconds === null ? {} : { expiresAfterSeconds: fileLifeSeconds };
    try {
      const { file, upload, removed } = await this.database.transaction(async () => {
        demandNotEnded(await this.uploads.lock(scope, id), COMPLETE);
        const made = await this.files.createFromStored(scope, stored, { filename, purpose, ...life });
        return { file: made, ...(await this.uploads.end(scope, id, { status: 'completed', fileId: made.id })) };
      });
      await this.blobs.discard(removed);
      return { upload, file };
    } catch (error) {
      // Of an error of the database it is not known whether the transaction went through: then the blob stays.
      if (error instanceof WireError) await this.files.discardContent(stored);
      throw error;
    }
  }
}
