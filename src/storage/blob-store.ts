import type { Readable } from 'node:stream';

/** What `put` found while it wrote. */
export interface StoredBlob {
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

/** The content outgrew the limit; nothing was kept. */
export class BlobTooLargeError extends Error {
  constructor(readonly limitBytes: number) {
    super(`The content is larger than ${limitBytes} bytes.`);
    this.name = 'BlobTooLargeError';
  }
}

/** The key names nothing. */
export class BlobNotFoundError extends Error {
  constructor(readonly key: string) {
    super(`No blob with key '${key}'.`);
    this.name = 'BlobNotFoundError';
  }
}

/**
 * Bytes under opaque keys of our own making (`[A-Za-z0-9_-]{1,128}`), never of a user's. A blob appears whole or
 * not at all, also when the process dies while it is written.
 */
export abstract class BlobStore {
  /** Streams the content in, never whole in memory. On any error nothing is kept. */
  abstract put(key: string, content: Readable, limitBytes: number): Promise<StoredBlob>;
  /** Throws BlobNotFoundError before the first byte. */
  abstract open(key: string, range?: ByteRange): Promise<Readable>;
  /** Deleting what is not there is no error. */
  abstract delete(key: string): Promise<void>;
  /** Every key, with the time it was last written. For the sweep of orphans. */
  abstract list(): AsyncIterable<{ key: string; modifiedAt: Date }>;
}
