import { constants, type PathLike } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SandboxError } from '../ports/sandbox-provider.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
const DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
/** O_NONBLOCK: opening a FIFO must not wait for its writer. */
const FILE_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/**
 * Opens a regular file below a directory that hostile code writes to at the same time. Each component is opened
 * relative to the one before it, and no symlink is followed, so that nothing can be swapped in between.
 * @throws SandboxError if it is missing, or not a regular file reached through real directories.
 */
export async function openInside(directory: string, path: readonly Buffer[]): Promise<FileHandle> {
  let parent = await open(directory, DIRECTORY_FLAGS);
  try {
    for (const component of path.slice(0, -1)) {
      const next = await openChild(parent, directory, component, DIRECTORY_FLAGS);
      await parent.close();
      parent = next;
      directory = join(directory, component.toString('utf8'));
    }
    return await openRegularFile(parent, directory, path.at(-1) ?? Buffer.alloc(0));
  } finally {
    await parent.close();
  }
}

async function openRegularFile(parent: FileHandle, directory: string, name: Buffer): Promise<FileHandle> {
  const file = await openChild(parent, directory, name, FILE_FLAGS);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new SandboxError('That is not a regular file.');
}

async function openChild(parent: FileHandle, directory: string, name: Buffer, flags: number): Promise<FileHandle> {
  try {
    return await open(await childPath(parent, directory, name), flags);
  } catch (error) {
    throw new SandboxError('There is no such file in the workspace.', { cause: error });
  }
}

/**
 * Node has no openat(2); Linux offers the same through /proc. Elsewhere only the WebAssembly provider runs, whose
 * code cannot make symlinks, and each component is looked at before it is opened.
 */
async function childPath(parent: FileHandle, directory: string, name: Buffer): Promise<PathLike> {
  if (process.platform === 'linux') return Buffer.concat([Buffer.from(`/proc/self/fd/${parent.fd}/`), name]);
  const path = join(directory, name.toString('utf8'));
  if ((await lstat(path)).isSymbolicLink()) throw new SandboxError('A symbolic link is not opened.');
  return path;
}
