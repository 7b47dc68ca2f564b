import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { errorCode } from '@libs/kernel';

const MAX_DEPTH = 1_000;

/** Removes a tree, folders without any permission included. Safe to call for what is not there. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    await openFolders(Buffer.from(path), 0);
    await rm(path, { recursive: true, force: true, maxRetries: 2 });
  }
}

/** Names are Buffers: a name that is no UTF-8 would otherwise not be found again. */
async function openFolders(path: Buffer, depth: number): Promise<void> {
  if (depth > MAX_DEPTH || !(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { encoding: 'buffer', withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const name: unknown = entry.name;
    const bytes = Buffer.isBuffer(name) ? name : Buffer.from(String(name));
    await openFolders(Buffer.concat([path, Buffer.from('/'), bytes]), depth + 1);
  }
}
