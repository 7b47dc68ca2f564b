import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, sleep } from '@libs/kernel';
import { isDeadOwner, ownerName } from '../../workspace/owner.js';

const PREFIX = 'threadmill';
const REMOVAL_TRIES = 40;
const REMOVAL_PAUSE_MS = 50;

/** A name that tells a later server whose group it was. */
export function newGroupName(): string {
  return `${PREFIX}.${ownerName()}.${randomBytes(8).toString('hex')}`;
}

/** The groups below a directory whose owners are dead. */
export function deadGroups(parent: string): string[] {
  return readdirSync(parent)
    .filter((name) => name.startsWith(`${PREFIX}.`) && isDeadOwner(name.split('.').slice(1, -1).join('.')))
    .map((name) => join(parent, name));
}

export function killMembers(directory: string): void {
  for (const pid of readOrEmpty(join(directory, 'cgroup.procs')).split('\n')) {
    if (Number(pid) > 0) killQuietly(Number(pid));
  }
}

/** Removes a group; its last processes may need a moment to go. */
export async function removeGroup(directory: string): Promise<void> {
  for (let tries = 0; tries < REMOVAL_TRIES; tries += 1) {
    try {
      return rmdirSync(directory);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      killMembers(directory);
      await sleep(tries === 0 ? 2 : REMOVAL_PAUSE_MS);
    }
  }
}

/** The number after a key in a file of `key number` lines; 0 without it. */
export function readCounter(file: string, key: string): number {
  return Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(readOrEmpty(file))?.[1] ?? 0);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
