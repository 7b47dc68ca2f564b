import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { SandboxLimits } from '../ports/sandbox-provider.js';
import { isDeadOwner, ownerName } from './owner.js';
import { createPlainRoom } from './plain-room.js';
import { removeTree } from './remove-tree.js';
import type { Room } from './room.js';
import { createTmpfsRoom, removeTmpfsRoom } from './tmpfs-room.js';

/** Makes rooms below `<root>/<owner>/`, and removes those of dead owners. Their names say nothing. */
export class Rooms {
  private readonly root: string;

  /** @param asRoot The code runs as other users than the server: they must be able to pass through every folder. */
  constructor(
    workspacesRoot: string,
    private readonly asRoot: boolean,
  ) {
    this.root = asRoot ? passableRoot(resolve(workspacesRoot)) : resolve(workspacesRoot);
  }

  async create(limits: SandboxLimits, owner: Room['owner'], bounded: boolean): Promise<Room> {
    const parent = join(this.root, ownerName());
    await mkdir(parent, { recursive: true, mode: this.asRoot ? 0o711 : 0o700 });
    const directory = join(parent, randomBytes(12).toString('hex'));
    return bounded ? createTmpfsRoom(directory, owner, limits) : createPlainRoom(directory, owner);
  }

  /**
   * Removes the rooms of dead owners.
   * @param beforeRemoval Is told whose files a room holds, before they go.
   */
  async reap(beforeRemoval: (uid: number) => void): Promise<void> {
    for (const owner of await readdir(this.root).catch(() => [])) {
      if (!isDeadOwner(owner)) continue;
      const parent = join(this.root, owner);
      for (const name of await readdir(parent)) {
        const directory = join(parent, name);
        const data = await stat(join(directory, 'data')).catch(() => undefined);
        if (data !== undefined) beforeRemoval(data.uid);
        if (isMounted(directory)) await removeTmpfsRoom(directory);
        else await removeTree(directory);
      }
      await removeTree(parent);
    }
  }
}

/** The wanted root if every user may pass through it; otherwise a place of its own below a public folder. */
function passableRoot(wanted: string): string {
  if (isPassable(wanted)) return wanted;
  const name = `threadmill-${createHash('sha256').update(wanted).digest('hex').slice(0, 16)}`;
  const base = ['/run', tmpdir()].find((folder) => isPassable(folder)) ?? tmpdir();
  return join(base, name);
}

/** Folders that do not exist yet will be made passable. */
function isPassable(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  const passable = stats === undefined || (stats.mode & 0o001) !== 0;
  return passable && (dirname(folder) === folder || isPassable(dirname(folder)));
}

function isMounted(directory: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${directory} `);
}
