import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from './remove-tree.js';
import type { Room } from './room.js';

/** A room that is ordinary folders. */
export async function createPlainRoom(directory: string, owner: Room['owner']): Promise<Room> {
  const room = await layOutRoom(directory, owner);
  return { ...room, quotaHeld: false, remove: () => removeTree(directory) };
}

/** Makes the folders of a room. */
export async function layOutRoom(
  directory: string,
  owner: Room['owner'],
): Promise<Pick<Room, 'directory' | 'data' | 'scratch' | 'owner'>> {
  await mkdir(directory, { recursive: true });
  // Where the code is another user's, it has to pass through; what is in there is closed.
  await chmod(directory, owner === undefined ? 0o700 : 0o711);
  const data = join(directory, 'data');
  const scratch = join(directory, 'scratch');
  for (const folder of [data, scratch]) {
    await mkdir(folder, { mode: 0o700 });
    if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  }
  return { directory, data, scratch, owner };
}
