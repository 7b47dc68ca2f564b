import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { errorMessage } from '@libs/kernel';
import { DEFAULT_SANDBOX_LIMITS, SandboxError, type SandboxLimits } from '../ports/sandbox-provider.js';
import { abandonedMounts } from './abandoned-mounts.js';
import { isDeadOwner, ownerName } from './owner.js';
import { createPlainRoom } from './plain-room.js';
import { removeTree } from './remove-tree.js';
import type { Room } from './room.js';
import { createTmpfsRoom, removeTmpfsRoom } from './tmpfs-room.js';

const READABLE_BY_ALL = 0o004;
const PASSABLE_BY_ALL = 0o001;
/** Roots of our own choice, in /run and the folder for temporary files. */
const OWN_ROOT = /\/threadmill-[0-9a-f]{16}$/;

/** Makes rooms below `<root>/<owner>/`, and removes those of dead owners. Their names say nothing. */
export class Rooms {
  private readonly roots: readonly string[];
  private root: Promise<string> | undefined;
  private bounds: Promise<boolean> | undefined;

  /** @param asRoot The code runs as other users than the server: they must be able to pass through every folder. */
  constructor(
    workspacesRoot: string,
    private readonly asRoot: boolean,
  ) {
    const wanted = resolve(workspacesRoot);
    this.roots = asRoot ? [wanted, ...publicRoots(wanted)] : [wanted];
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

  /** Removes the folder of this server's rooms, and a root of our own choice, if nothing is left in them. */
  async close(): Promise<void> {
    const owned = this.roots.map((root) => join(root, ownerName()));
    for (const folder of [...owned, ...this.roots.slice(1)]) await rmdir(folder).catch(() => undefined);
  }

  /**
   * Removes the rooms of dead owners: those below these roots, and file systems of theirs that are mounted anywhere.
   * @param beforeRemoval Is told whose files a room holds, before they go.
   */
  async reap(beforeRemoval: (uid: number) => void): Promise<void> {
    for (const root of this.roots) {
      const owners = await readdir(root).catch(() => []);
      for (const owner of owners.filter(isDeadOwner)) await reapOwner(join(root, owner), beforeRemoval);
    }
    if (this.asRoot) await reapAbandoned(beforeRemoval);
  }

  private async newDirectory(): Promise<string> {
    this.root ??= this.chooseRoot();
    const root = await this.root;
    // Another server that used the same root may have removed it when it closed.
    await makeFolder(root, this.asRoot);
    const parent = join(root, ownerName());
    await makeFolder(parent, this.asRoot);
    return join(parent, randomBytes(12).toString('hex'));
  }

  private async chooseRoot(): Promise<string> {
    for (const root of this.roots) {
      try {
        await makeFolder(root, this.asRoot);
        if (!this.asRoot || isPassable(root)) return root;
      } catch (error) {
        if (root === this.roots.at(-1)) throw error;
      }
    }
    throw new SandboxError(`The code's user cannot pass through to any of: ${this.roots.join(', ')}.`);
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

/** Where rooms may lie if the wanted root is closed to other users, as below a home folder. */
function publicRoots(wanted: string): string[] {
  const name = `threadmill-${createHash('sha256').update(wanted).digest('hex').slice(0, 16)}`;
  return ['/run', tmpdir()].map((folder) => join(folder, name));
}

/** The mode is set whatever the umask says. A folder that is a link, or another's, is not trusted by root. */
async function makeFolder(path: string, asRoot: boolean): Promise<void> {
  await mkdir(path, { recursive: true, mode: asRoot ? 0o711 : 0o700 });
  if (!asRoot) return;
  const stats = await lstat(path);
  if (!stats.isDirectory() || stats.uid !== 0) throw new SandboxError(`${path} is not a folder of root's.`);
  await chmod(path, 0o711);
}

/** Others may be at it at the same time: what cannot be removed is passed over. */
async function reapAbandoned(beforeRemoval: (uid: number) => void): Promise<void> {
  for (const directory of abandonedMounts(readFileSync('/proc/self/mounts', 'utf8'))) {
    try {
      beforeRemoval((await stat(join(directory, 'data'))).uid);
      await removeTmpfsRoom(directory);
      await rmdir(dirname(directory));
      const root = dirname(dirname(directory));
      if (OWN_ROOT.test(root)) await rmdir(root);
    } catch (error) {
      void errorMessage(error);
    }
  }
}

async function reapOwner(parent: string, beforeRemoval: (uid: number) => void): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const directory = join(parent, name);
    const data = await stat(join(directory, 'data')).catch(() => undefined);
    if (data !== undefined) beforeRemoval(data.uid);
    await removeMounted(directory);
    await removeTree(directory);
  }
  await removeTree(parent);
}

/** Another server that starts removes what dead ones left mounted anywhere, too, and may have been faster. */
async function removeMounted(directory: string): Promise<void> {
  if (!isMounted(directory)) return;
  try {
    await removeTmpfsRoom(directory);
  } catch (error) {
    if (isMounted(directory)) throw error;
  }
}

/** Whether every user may pass down to a folder, or read a file. */
export function isPassable(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  const passable = stats !== undefined && (stats.mode & (stats.isFile() ? READABLE_BY_ALL : PASSABLE_BY_ALL)) !== 0;
  return passable && (dirname(folder) === folder || isPassable(dirname(folder)));
}

function isMounted(directory: string): boolean {
  if (process.platform !== 'linux') return false;
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${directory} `);
}
