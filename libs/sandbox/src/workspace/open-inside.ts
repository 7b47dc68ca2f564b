import { constants, type PathLike } from 'node:fs';
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@libs/kernel';
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

/**
 * Does something with a place below a directory that hostile code writes to at the same time. Folders on the way are
 * made where they are missing; none is reached through a symlink.
 * @param act gets the path of the place; what it does must not follow a symlink there either
 * @throws SandboxError if something that is no folder is in the way
 */
export async function placeInside(
  directory: string,
  path: readonly Buffer[],
  owner: { uid: number; gid: number } | undefined,
  act: (place: PathLike) => Promise<void>,
): Promise<void> {
  let parent = await open(directory, DIRECTORY_FLAGS);
  try {
    for (const component of path.slice(0, -1)) {
      const isNew = await makeFolder(await childPath(parent, directory, component));
      const next = await openChild(parent, directory, component, DIRECTORY_FLAGS);
      await parent.close();
      parent = next;
      // By descriptor: the code may have put a symlink in the new folder's place, and chown(2) would follow it.
      if (isNew && owner) await parent.chown(owner.uid, owner.gid);
      directory = join(directory, component.toString('utf8'));
    }
    await act(await childPath(parent, directory, path.at(-1) ?? Buffer.alloc(0)));
  } finally {
    await parent.close();
  }
}

/** Whether it had to be made. */
async function makeFolder(path: PathLike): Promise<boolean> {
  try {
    await mkdir(path, 0o755);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
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
  if (await isSymbolicLink(path)) throw new SandboxError('A symbolic link is not opened.');
  return path;
}

async function isSymbolicLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
