import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { BlobStore, BlobTooLargeError } from '../../storage/blob-store.js';
import { LARGEST_PART_BYTES } from './upload-parts-rules.js';
import { partTooLarge } from './uploads.errors.js';

/** The bytes of several parts as one stream, and their checksum. */
export interface JoinedParts {
  content: Readable;
  /** The md5 in hexadecimal digits, once the content was read to its end. */
  md5: () => string;
}

/** The bytes of parts, each kept under the part's id. */
@Injectable()
export class PartBlobs {
  private readonly logger = new Logger('Uploads');

  constructor(private readonly blobs: BlobStore) {}

  /** Gives how many bytes there were. Throws 413, and then has kept nothing. */
  async store(partId: string, content: Readable): Promise<number> {
    try {
      return (await this.blobs.put(partId, content, LARGEST_PART_BYTES)).bytes;
    } catch (error) {
      throw error instanceof BlobTooLargeError ? partTooLarge() : error;
    }
  }

  /** One after the other, never more than a piece of one in memory. */
  join(partIds: readonly string[]): JoinedParts {
    const digest = createHash('md5');
    const pieces = async function* (blobs: BlobStore): AsyncGenerator<Buffer> {
      for (const id of partIds) {
        for await (const piece of (await blobs.open(id)) as AsyncIterable<Buffer>) {
          digest.update(piece);
          yield piece;
        }
      }
    };
    return { content: Readable.from(pieces(this.blobs)), md5: () => digest.digest('hex') };
  }

  /** Never throws: what cannot be removed now is an orphan for housekeeping. */
  async discard(partIds: readonly string[]): Promise<void> {
    for (const id of partIds) {
      try {
        await this.blobs.delete(id);
      } catch (error) {
        this.logger.warn(`Blob ${id} could not be removed: ${errorMessage(error)}`);
      }
    }
  }
}
