import { randomBytes } from 'node:crypto';
import { lstatSync, type PathLike } from 'node:fs';
import { chown, open, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { errorCode } from '@libs/kernel';
import { SandboxError, type SandboxLimits, type WorkspaceFile } from '../ports/sandbox-provider.js';
import { parsePath } from './file-name.js';
import { openInside, placeInside } from './open-inside.js';
import type { Room } from './room.js';
import { changedSince, regularFiles, takeSnapshot, toWorkspaceFile, type Snapshot } from './snapshot.js';
import { walk, type WalkedEntry } from './walk.js';

const MAX_DEPTH = 10;
/** A call that makes more files than this has the rest in the workspace, but not among its events. */
const MAX_FILES_PER_CALL = 1_000;

/** The files of one session, kept safe from what the code does to them. */
export class Workspace {
  private seen: Snapshot = new Map();

  constructor(
    readonly room: Room,
    private readonly limits: SandboxLimits,
  ) {}

  /** Writes beside the data and moves it in: a symlink that waits under the name is replaced, never followed. */
  async put(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = parsePath(name);
    const incoming = join(this.room.directory, `incoming-${randomBytes(8).toString('hex')}`);
    try {
      await this.write(incoming, content);
      if (this.room.owner) await chown(incoming, this.room.owner.uid, this.room.owner.gid);
      await placeInside(this.room.data, path, this.room.owner, async (place) => {
        await rename(incoming, place);
        this.noteOwnFile(name, place);
      });
    } catch (error) {
      await rm(incoming, { force: true });
      throw toSandboxError(error, name);
    }
  }

  async list(): Promise<WorkspaceFile[]> {
    return regularFiles(await this.walk()).map(toWorkspaceFile);
  }

  async open(name: string): Promise<{ bytes: number; stream: Readable }> {
    const file = await openInside(this.room.data, parsePath(name));
    const { size } = await file.stat();
    if (size > this.limits.maxWorkspaceBytes || size === 0) {
      await file.close();
      if (size === 0) return { bytes: 0, stream: Readable.from([]) };
      throw new SandboxError('The file is larger than a workspace may be.');
    }
    // Reading ends at the size that was told, even if a process of the code lets the file grow meanwhile.
    return { bytes: size, stream: file.createReadStream({ start: 0, end: size - 1 }) };
  }

  /** What was created or changed since the last time it was asked. */
  async takeChanges(): Promise<WorkspaceFile[]> {
    const entries = await this.walk();
    const changes = changedSince(this.seen, entries);
    this.seen = takeSnapshot(entries);
    return changes.slice(0, MAX_FILES_PER_CALL);
  }

  /** Whether the file system has no room left; always false where usage is polled. */
  async isFull(): Promise<boolean> {
    if (!this.room.quotaHeld) return false;
    const space = await statfs(this.room.directory).catch(() => undefined);
    return space !== undefined && (space.bavail === 0 || space.ffree === 0);
  }

  private walk(): Promise<WalkedEntry[]> {
    return walk(this.room.data, { maxEntries: this.limits.maxWorkspaceFiles, maxDepth: MAX_DEPTH });
  }

  private async write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(path, 'wx', 0o644);
    let bytes = 0;
    try {
      for await (const chunk of content) {
        bytes += chunk.byteLength;
        if (bytes > this.limits.maxWorkspaceBytes) throw new SandboxError('The file is larger than the workspace.');
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
  }

  private noteOwnFile(name: string, place: PathLike): void {
    const stats = lstatSync(place, { bigint: true, throwIfNoEntry: false });
    if (stats !== undefined) this.seen = new Map([...this.seen, ...takeSnapshot([{ name, stats }])]);
  }
}

function toSandboxError(error: unknown, name: string): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC') return new SandboxError(`The workspace has no room for ${name}.`, { cause: error });
  if (code === 'EISDIR' || code === 'ENOTEMPTY') {
    return new SandboxError(`A folder named ${name} is in the way.`, { cause: error });
  }
  return error;
}
