import { randomBytes } from 'node:crypto';
import { chmod, lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { errorCode } from '@libs/kernel';

/**
 * Removes a folder that hostile code has filled: folders without permissions, names that are no UTF-8, and trees
 * deeper than a path may be long. Folders are moved up before they are entered, so that paths stay short. No process
 * may be left that writes there. Safe to call for what is not there.
 */
export async function removeTree(root: string): Promise<void> {
  const top = Buffer.from(root);
  try {
    await chmod(top, 0o700);
    for (let names = await namesIn(top); names.length > 0; names = await namesIn(top)) {
      for (const name of names) await removeEntry(top, childOf(top, name));
    }
    await rmdir(top);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function removeEntry(top: Buffer, path: Buffer): Promise<void> {
  if (!(await isFolder(path))) return unlink(path);
  await chmod(path, 0o700);
  for (const name of await namesIn(path)) {
    const child = childOf(path, name);
    if (await isFolder(child)) {
      // A folder that may not be written cannot be moved either.
      await chmod(child, 0o700);
      await rename(child, childOf(top, Buffer.from(randomBytes(12).toString('hex'))));
    } else {
      await unlink(child);
    }
  }
  await rmdir(path);
}

async function isFolder(path: Buffer): Promise<boolean> {
  return (await lstat(path)).isDirectory();
}

function namesIn(folder: Buffer): Promise<Buffer[]> {
  return readdir(folder, { encoding: 'buffer' });
}

function childOf(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}
