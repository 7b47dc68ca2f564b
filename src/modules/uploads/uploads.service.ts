import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { newId } from '@libs/kernel';
import { notFound } from '@libs/openai-wire';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { BYTES_PER_MEBIBYTE, toPlainFileName } from '../files/index.js';
import type { CreateUploadDto } from './dto/create-upload.dto.js';
import { PartBlobs } from './part-blobs.js';
import { UploadPartsRepository } from './upload-parts.repository.js';
import { demandPending, UPLOAD_LIFE_MS } from './upload-state.js';
import { uploadTooLarge } from './uploads.errors.js';
import { UploadsRepository } from './uploads.repository.js';
import type { UploadRecord } from './uploads.types.js';

@Injectable()
export class UploadsService {
  private readonly limitBytes: number;

  constructor(
    private readonly database: Database,
    private readonly uploads: UploadsRepository,
    private readonly parts: UploadPartsRepository,
    private readonly blobs: PartBlobs,
    @Inject(CONFIG) config: Config,
  ) {
    this.limitBytes = config.MAX_UPLOAD_SIZE_MB * BYTES_PER_MEBIBYTE;
  }

  create(scope: TenantScope, body: CreateUploadDto): Promise<UploadRecord> {
    if (body.bytes > this.limitBytes) throw uploadTooLarge(body.bytes, this.limitBytes);
    const createdAt = new Date();
    return this.uploads.insert(scope, {
      id: newId('upload'),
      filename: toPlainFileName(body.filename),
      purpose: body.purpose,
      bytes: body.bytes,
      mimeType: body.mime_type,
      status: 'pending',
      createdAt,
      expiresAt: new Date(createdAt.getTime() + UPLOAD_LIFE_MS),
      fileLifeSeconds: body.expires_after?.seconds ?? null,
      fileId: null,
    });
  }

  /** Throws 404. */
  async get(scope: TenantScope, id: string): Promise<UploadRecord> {
    const upload = await this.uploads.find(scope, id);
    if (!upload) throw notFound('upload', id);
    return upload;
  }

  /** As `get`, and nobody else changes it until the transaction of the caller ends. */
  async lock(scope: TenantScope, id: string): Promise<UploadRecord> {
    const upload = await this.uploads.lock(scope, id);
    if (!upload) throw notFound('upload', id);
    return upload;
  }

  /** Throws 400 for one that is no longer pending. */
  async cancel(scope: TenantScope, id: string): Promise<UploadRecord> {
    await this.get(scope, id);
    const { upload, removed } = await this.database.transaction(async () => {
      demandPending(await this.lock(scope, id), 'cancel', new Date());
      return this.end(scope, id, { status: 'cancelled' });
    });
    await this.blobs.discard(removed);
    return upload;
  }

  /**
   * Ends an upload, in the transaction of the caller. `removed` are the parts that it had: once the transaction is
   * through, their blobs are of no use.
   */
  async end(
    scope: TenantScope,
    id: string,
    end: { status: 'cancelled' | 'expired' } | { status: 'completed'; fileId: string },
  ): Promise<{ upload: UploadRecord; removed: string[] }> {
    const upload = await this.uploads.update(scope, id, end);
    if (!upload) throw notFound('upload', id);
    return { upload, removed: await this.parts.removeAll(scope, id) };
  }
}
