import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { drain, receiveForm, unknownField } from '../files/index.js';
import { PartBlobs } from './part-blobs.js';
import { checkRoom, LARGEST_PART_BYTES } from './upload-parts-rules.js';
import { UploadPartsRepository } from './upload-parts.repository.js';
import { demandPending } from './upload-state.js';
import { partIsEmpty, partIsMissing, partTooLarge } from './uploads.errors.js';
import { UploadsService } from './uploads.service.js';
import type { UploadPartRecord } from './uploads.types.js';

/** What a form needs besides the part: boundaries, headers. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

const ADD = 'add parts to';

interface StoredPart {
  id: string;
  bytes: number;
}

/** Takes parts as they come in, several of one upload at once too. */
@Injectable()
export class UploadPartsService {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadsService,
    private readonly parts: UploadPartsRepository,
    private readonly blobs: PartBlobs,
  ) {}

  /** Makes a part of a multipart request. Throws 400, 404 and 413, and then has kept nothing. */
  async receive(scope: TenantScope, uploadId: string, request: IncomingMessage): Promise<UploadPartRecord> {
    try {
      demandPending(await this.uploads.get(scope, uploadId), ADD, new Date());
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > LARGEST_PART_BYTES + FORM_OVERHEAD_BYTES) throw partTooLarge();
    } catch (error) {
      drain(request);
      throw error;
    }
    const part = await this.receivePart(request);
    try {
      if (part.bytes === 0) throw partIsEmpty();
      return await this.add(scope, uploadId, part);
    } catch (error) {
      await this.blobs.discard([part.id]);
      throw error;
    }
  }

  private async receivePart(request: IncomingMessage): Promise<StoredPart> {
    const form = await receiveForm<StoredPart>(request, {
      fileField: 'data',
      store: async (content) => {
        const id = newId('uploadPart');
        return { id, bytes: await this.blobs.store(id, content) };
      },
      discard: ({ id }) => this.blobs.discard([id]),
      checkField: (name) => {
        throw name === 'data' ? partIsMissing() : unknownField(name);
      },
      unknownField,
    });
    const [part] = form.files;
    if (part === undefined) throw partIsMissing();
    return part.stored;
  }

  /** The upload may have ended while the part came in. */
  private add(scope: TenantScope, uploadId: string, { id, bytes }: StoredPart): Promise<UploadPartRecord> {
    return this.database.transaction(async () => {
      const upload = await this.uploads.lock(scope, uploadId);
      demandPending(upload, ADD, new Date());
      checkRoom(upload, await this.parts.held(scope, uploadId), bytes);
      return this.parts.insert(scope, { id, uploadId, bytes });
    });
  }
}
