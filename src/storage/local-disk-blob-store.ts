import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { errorCode } from '@libs/kernel';
import { assertBlobKey, isBlobKey } from './blob-key.js';
import { BlobNotFoundError, BlobStore, BlobTooLargeError, type ByteRange, type StoredBlob } from './blob-store.js';
import { isAbandoned, temporaryName } from './temporary-files.js';

const TEMPORARY_FOLDER = '.tmp';
const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/**
 * Blobs as files under one folder, spread over two levels of folders so that none grows huge. Written to a
 * temporary file on the same file system, synced, then renamed: a rename is atomic, so a blob is whole or absent.
 */
export class LocalDiskBlobStore extends BlobStore {
  private readonly temporaryFolder: string;

  constructor(private readonly root: string) {
    super();
    this.temporaryFolder = join(root, TEMPORARY_FOLDER);
  }

  /** Makes the folders, and removes what writers that died have left. Call once before use. */
  async prepare(): Promise<void> {
    await mkdir(this.temporaryFolder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    for (const name of await readdir(this.temporaryFolder)) {
      const path = join(this.temporaryFolder, name);
      const modifiedAt = await modificationTime(path);
      if (modifiedAt !== undefined && isAbandoned(name, modifiedAt)) await rm(path, { force: true });
    }
  }

  async put(key: string, content: Readable, limitBytes: number): Promise<StoredBlob> {
    const path = this.pathOf(assertBlobKey(key));
    const temporaryPath = join(this.temporaryFolder, temporaryName(randomBytes(12).toString('hex')));
    // The content may fail before anyone reads it; the loop that reads it then still sees the error.
    content.on('error', () => undefined);
    try {
      const stored = await writeSynced(temporaryPath, content, limitBytes);
      await makeFolderSynced(dirname(path), this.root);
      await rename(temporaryPath, path);
      await syncFolder(dirname(path));
      return stored;
    } catch (error) {
      content.destroy();
      await rm(temporaryPath, { force: true });
      throw error;
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    try {
      const handle = await open(this.pathOf(assertBlobKey(key)), 'r');
      return handle.createReadStream({ ...range });
    } catch (error) {
      throw errorCode(error) === 'ENOENT' ? new BlobNotFoundError(key) : error;
    }
  }

  async delete(key: string): Promise<void> {
    try {
      await unlink(this.pathOf(assertBlobKey(key)));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  async *list(): AsyncIterable<{ key: string; modifiedAt: Date }> {
    for (const first of await foldersIn(this.root)) {
      for (const second of await foldersIn(join(this.root, first))) {
        const folder = join(this.root, first, second);
        for (const key of (await readdir(folder)).filter(isBlobKey)) {
          const modifiedAt = await modificationTime(join(folder, key));
          if (modifiedAt !== undefined) yield { key, modifiedAt };
        }
      }
    }
  }

  /** Fans out by a digest, as keys share their prefix. */
  private pathOf(key: string): string {
    const digest = createHash('sha256').update(key).digest('hex');
    return join(this.root, digest.slice(0, 2), digest.slice(2, 4), key);
  }
}

async function writeSynced(path: string, content: Readable, limitBytes: number): Promise<StoredBlob> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'wx', OWNER_ONLY_FILE);
  try {
    for await (const piece of content as AsyncIterable<Buffer | string>) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
      bytes += chunk.length;
      if (bytes > limitBytes) throw new BlobTooLargeError(limitBytes);
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A new folder's own entry must reach the disk as well, or a blob could be lost with its folder. */
async function makeFolderSynced(folder: string, root: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (firstMade === undefined) return;
  await syncFolder(dirname(folder));
  await syncFolder(root);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && entry.name !== TEMPORARY_FOLDER).map((entry) => entry.name);
}

/** Undefined when the file was deleted meanwhile. */
async function modificationTime(path: string): Promise<Date | undefined> {
  try {
    return (await stat(path)).mtime;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
