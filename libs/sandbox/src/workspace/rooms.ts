import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DEFAULT_SANDBOX_LIMITS, type SandboxLimits } from '../ports/sandbox-provider.js';
import { isDeadOwner, ownerName } from './owner.js';
import { createPlainRoom } from './plain-room.js';
import { removeTree } from './remove-tree.js';
import type { Room } from './room.js';
import { createTmpfsRoom, removeTmpfsRoom } from './tmpfs-room.js';

/** Makes rooms below `<root>/<owner>/`, and removes those of dead owners. Their names say nothing. */
export class Rooms {
  private readonly root: string;
  private bounds: Promise<boolean> | undefined;

  /** @param asRoot The code runs as other users than the server: they must be able to pass through every folder. */
  constructor(
    workspacesRoot: string,
    private readonly asRoot: boolean,
  ) {
    this.root = asRoot ? passableRoot(resolve(workspacesRoot)) : resolve(workspacesRoot);
  }

  /** @param owner Who the code runs as, if it is not the server's user. */
  async create(limits: SandboxLimits, owner: Room['owner']): Promise<Room> {
    const bounded = await this.canBound();
    const directory = await this.newDirectory();
    return bounded ? createTmpfsRoom(directory, owner, limits) : createPlainRoom(directory, owner);
  }

  /** Whether file systems can be mounted that bound a room by themselves; tried once. */
  canBound(): Promise<boolean> {
    this.bounds ??= this.asRoot ? this.tryMount() : Promise.resolve(false);
    return this.bounds;
  }

  /** Removes the folder of this server's rooms, if none is left in it. */
  async close(): Promise<void> {
    await rmdir(join(this.root, ownerName())).catch(() => undefined);
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

  private async newDirectory(): Promise<string> {
    const parent = join(this.root, ownerName());
    await mkdir(parent, { recursive: true, mode: this.asRoot ? 0o711 : 0o700 });
    return join(parent, randomBytes(12).toString('hex'));
  }

  private async tryMount(): Promise<boolean> {
    const directory = await this.newDirectory();
    try {
      await (await createTmpfsRoom(directory, undefined, DEFAULT_SANDBOX_LIMITS)).remove();
      return true;
    } catch {
      await removeTree(directory);
      return false;
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

/** Whether every user may pass down to a file or folder. What does not exist yet will be made so. */
export function isPassable(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  const passable = stats === undefined || (stats.mode & 0o001) !== 0;
  return passable && (dirname(folder) === folder || isPassable(dirname(folder)));
}

function isMounted(directory: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${directory} `);
}
