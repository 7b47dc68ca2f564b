import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { errorMessage, newId } from '@libs/kernel';
import { fileNotFound } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import { BlobNotFoundError, BlobStore, BlobTooLargeError, type ByteRange } from '../../storage/blob-store.js';
import { mediaTypeOf } from './content/media-type.js';
import { MOST_FILES_LISTED } from './dto/list-files.dto.js';
import type { FileEntity } from './entities/file.entity.js';
import { FileRemovals } from './file-removals.js';
import { toFileRecord } from './file.mapper.js';
import { toPlainFileName } from './file-name.js';
import { fileTooLarge } from './files.errors.js';
import { FilesRepository, type FileListRequest } from './files.repository.js';
import type { FileRecord, NewFileAttributes, StoredContent } from './files.types.js';

export interface NewFile extends NewFileAttributes {
  content: Readable;
  /** Throws 413 beyond it. */
  limitBytes: number;
}

/** Files of a project. A file of another project, and one that has expired, are as good as missing. */
@Injectable()
export class FilesService {
  private readonly logger = new Logger('Files');

  constructor(
    private readonly files: FilesRepository,
    private readonly blobs: BlobStore,
    private readonly database: Database,
    private readonly removals: FileRemovals,
  ) {}

  /** Throws fileNotFound. */
  async get(scope: TenantScope, id: string): Promise<FileRecord> {
    return toFileRecord(await this.demand(scope, id));
  }

  /** In the order of the ids. Throws fileNotFound for the first that is missing. */
  async getMany(scope: TenantScope, ids: readonly string[]): Promise<FileRecord[]> {
    const found = await this.files.findManyUnexpired(scope, [...new Set(ids)]);
    const byId = new Map(found.map((file) => [file.id, toFileRecord(file)]));
    return ids.map((id) => {
      const file = byId.get(id);
      if (!file) throw fileNotFound(id);
      return file;
    });
  }

  /** Those of the ids that there are: for what was named long ago, such as an assistant's files. */
  async findMany(scope: TenantScope, ids: readonly string[]): Promise<FileRecord[]> {
    return (await this.files.findManyUnexpired(scope, [...new Set(ids)])).map(toFileRecord);
  }

  async list(scope: TenantScope, request: Partial<FileListRequest>): Promise<Page<FileRecord>> {
    const { limit = MOST_FILES_LISTED, order = 'desc', after, purpose } = request;
    const page = await this.files.listUnexpired(scope, { limit, order, after, purpose });
    return { items: page.items.map(toFileRecord), hasMore: page.hasMore };
  }

  /** Streams the content in; on any error nothing is kept. */
  async createFromStream(scope: TenantScope, file: NewFile): Promise<FileRecord> {
    return this.createFromStored(scope, await this.storeContent(file.content, file.limitBytes), file);
  }

  /** Throws fileNotFound. The stream is the caller's to read or destroy. */
  async openContent(
    scope: TenantScope,
    id: string,
    range?: ByteRange,
  ): Promise<{ record: FileRecord; stream: Readable }> {
    const file = await this.demand(scope, id);
    try {
      return { record: toFileRecord(file), stream: await this.blobs.open(file.blobKey, range) };
    } catch (error) {
      // Deleted between the two questions.
      throw error instanceof BlobNotFoundError ? fileNotFound(id) : error;
    }
  }

  /** Throws fileNotFound. */
  async delete(scope: TenantScope, id: string): Promise<void> {
    await this.deleteEntity(await this.demand(scope, id));
  }

  /** Removes one batch of expired files of every tenant; gives how many. For housekeeping alone. */
  async deleteExpired(limit: number): Promise<number> {
    const expired = await this.files.findExpired(limit);
    for (const file of expired) await this.deleteEntity(file);
    return expired.length;
  }

  /** Keeps content that belongs to no file yet. The caller makes a file of it or discards it. */
  async storeContent(content: Readable, limitBytes: number): Promise<StoredContent> {
    const blobKey = newId('file');
    try {
      return { blobKey, ...(await this.blobs.put(blobKey, content, limitBytes)) };
    } catch (error) {
      throw error instanceof BlobTooLargeError ? fileTooLarge(limitBytes) : error;
    }
  }

  /** Makes a file of stored content. On any error the content is discarded. */
  async createFromStored(
    scope: TenantScope,
    content: StoredContent,
    attributes: NewFileAttributes,
  ): Promise<FileRecord> {
    const filename = toPlainFileName(attributes.filename);
    const createdAt = new Date();
    const { expiresAfterSeconds } = attributes;
    try {
      const entity = await this.files.insert(scope, {
        id: newId('file'),
        filename,
        purpose: attributes.purpose,
        status: 'processed',
        mimeType: mediaTypeOf(filename),
        createdAt,
        expiresAt:
          expiresAfterSeconds === undefined ? null : new Date(createdAt.getTime() + expiresAfterSeconds * 1000),
        ...content,
      });
      return toFileRecord(entity);
    } catch (error) {
      await this.discardContent(content);
      throw error;
    }
  }

  /** Never throws: what cannot be removed now is an orphan for housekeeping. */
  async discardContent({ blobKey }: StoredContent): Promise<void> {
    try {
      await this.blobs.delete(blobKey);
    } catch (error) {
      this.logger.warn(`Blob ${blobKey} could not be removed: ${errorMessage(error)}`);
    }
  }

  private async demand(scope: TenantScope, id: string): Promise<FileEntity> {
    const file = await this.files.findUnexpired(scope, id);
    if (!file) throw fileNotFound(id);
    return file;
  }

  /** The row first: a row without its blob would be a file that cannot be read. */
  private async deleteEntity(file: FileEntity): Promise<void> {
    await this.database.transaction(async () => {
      await this.removals.tell(file, file.id);
      await this.files.remove(file, file.id);
    });
    await this.discardContent(file);
  }
}
