import { closeSync, constants, lstatSync, openSync, readdirSync, type BigIntStats } from 'node:fs';
import { printableName } from './file-name.js';

export interface WalkCaps {
  maxEntries: number;
  maxDepth: number;
}

export interface WalkedEntry {
  /** Printable, relative, with `/` between folders. */
  name: string;
  stats: BigIntStats;
}

interface Folder {
  descriptor: number;
  /** Where its children are reached: through the descriptor where the system offers that. */
  base: Buffer;
  prefix: string;
  depth: number;
}

const DIRECTORY_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Calls are synchronous, because a small workspace is then read in well under a millisecond; a big one yields. */
const ENTRIES_PER_TURN = 200;
const SKIPPED = new Set(['__pycache__', '.ipynb_checkpoints']);

/** Every entry below a directory. Symlinks are not followed, even such as appear while it walks. */
export async function walk(directory: string, caps: WalkCaps): Promise<WalkedEntry[]> {
  const entries: WalkedEntry[] = [];
  const root = openFolder(Buffer.from(directory), '', 0);
  if (root !== undefined) await walkFolder(root, caps, entries);
  return entries;
}

async function walkFolder(folder: Folder, caps: WalkCaps, entries: WalkedEntry[]): Promise<void> {
  try {
    for (const name of readdirSync(folder.base, { encoding: 'buffer' })) {
      if (entries.length >= caps.maxEntries) return;
      const path = childOf(folder.base, name);
      const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (stats === undefined) continue;
      const printable = folder.prefix + printableName(name);
      entries.push({ name: printable, stats });
      if (entries.length % ENTRIES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      if (!stats.isDirectory() || folder.depth >= caps.maxDepth || SKIPPED.has(printableName(name))) continue;
      const child = openFolder(path, `${printable}/`, folder.depth + 1);
      if (child !== undefined) await walkFolder(child, caps, entries);
    }
  } catch {
    // The code may remove or close a folder at any time; what was found so far counts.
  } finally {
    closeSync(folder.descriptor);
  }
}

function openFolder(path: Buffer, prefix: string, depth: number): Folder | undefined {
  try {
    const descriptor = openSync(path, DIRECTORY_FLAGS);
    const base = process.platform === 'linux' ? Buffer.from(`/proc/self/fd/${descriptor}`) : path;
    return { descriptor, base, prefix, depth };
  } catch {
    return undefined;
  }
}

function childOf(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}
