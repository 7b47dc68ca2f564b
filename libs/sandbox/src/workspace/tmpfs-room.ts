import { execFile } from 'node:child_process';
import { mkdir, rmdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SandboxLimits } from '../ports/sandbox-provider.js';
import { layOutRoom } from './plain-room.js';
import type { Room } from './room.js';

const run = promisify(execFile);
const SYSTEM_PATH = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
/** The room's own folders, and files on their way in. */
const EXTRA_INODES = 16;

/**
 * A room that is a file system of its own, with its size and number of files bounded by the system. Root only.
 * Its pages are memory: whoever bounds the code's memory leaves room for them.
 */
export async function createTmpfsRoom(directory: string, owner: Room['owner'], limits: SandboxLimits): Promise<Room> {
  await mkdir(directory, { recursive: true, mode: 0o711 });
  const inodes = limits.maxWorkspaceFiles + EXTRA_INODES;
  const options = `size=${limits.maxWorkspaceBytes},nr_inodes=${inodes},mode=0711,nosuid,nodev`;
  await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { env: SYSTEM_PATH });
  const room = await layOutRoom(directory, owner);
  return { ...room, quotaHeld: true, remove: () => removeTmpfsRoom(directory) };
}

/** Detaches the file system at once, even while a file of it is still being read, and removes its folder. */
export async function removeTmpfsRoom(directory: string): Promise<void> {
  await run('umount', ['-l', directory], { env: SYSTEM_PATH });
  await rmdir(directory);
}
