import { constants, closeSync, openSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';
import { errorCode, errorMessage } from '@libs/kernel';

/** Another live process holds the directory. */
export class DirectoryLockedError extends Error {
  constructor(readonly directory: string) {
    super(
      `The embedded database in ${directory} is in use by another Threadmill server. ` +
        'Stop that server, set DATA_DIR to another folder, or set DATABASE_URL to share one database.',
    );
    this.name = 'DirectoryLockedError';
  }
}

/** A held lock. The kernel frees it when the process dies, however it dies. */
export interface DirectoryLock {
  release(): Promise<void>;
}

const DOORBELL_NAME = 'database.lock';

/**
 * Locks a directory against every other process. Two locks, neither of which can go stale:
 * the guard is the kernel's own exclusive lock, so that two processes that start at once never both win; the
 * doorbell is a unix socket inside the directory that answers while its owner lives, so that a container
 * with the same volume but another network namespace is seen too.
 * Throws DirectoryLockedError.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const guard = await takeGuard(directory);
  try {
    const doorbell = process.platform === 'win32' ? NO_LOCK : await hangDoorbell(directory);
    return {
      release: async () => {
        await doorbell.release();
        await guard.release();
      },
    };
  } catch (error) {
    await guard.release();
    throw error;
  }
}

const NO_LOCK: DirectoryLock = { release: () => Promise.resolve() };

/** Flags of open(2) on macOS and the BSDs; Linux has no such flag. */
const BSD_O_EXLOCK = 0x20;
const BSD_PLATFORMS = new Set<string>(['darwin', 'freebsd', 'openbsd']);

async function takeGuard(directory: string): Promise<DirectoryLock> {
  if (process.platform === 'linux') return listenOrRefuse(`\0${guardName(directory)}`, directory);
  if (process.platform === 'win32') return listenOrRefuse(`\\\\.\\pipe\\${guardName(directory)}`, directory);
  return BSD_PLATFORMS.has(process.platform) ? takeFileGuard(directory) : NO_LOCK;
}

/** By device and inode: one directory has many paths, and a path may be a link. */
function guardName(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true });
  return `threadmill-database-${dev}-${ino}`;
}

async function listenOrRefuse(address: string, directory: string): Promise<DirectoryLock> {
  try {
    return await listen(address);
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') throw new DirectoryLockedError(directory);
    throw error;
  }
}

function takeFileGuard(directory: string): DirectoryLock {
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | BSD_O_EXLOCK;
    const file = openSync(join(directory, 'database.guard'), flags, 0o600);
    return {
      release: () => {
        closeSync(file);
        return Promise.resolve();
      },
    };
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') throw new DirectoryLockedError(directory);
    throw error;
  }
}

async function hangDoorbell(directory: string): Promise<DirectoryLock> {
  const path = shortestPath(join(directory, DOORBELL_NAME));
  try {
    return await listen(path);
  } catch (error) {
    // A file system without sockets (some network and desktop mounts) leaves the guard alone to do the work.
    if (errorCode(error) !== 'EADDRINUSE') return NO_LOCK;
  }
  if (await answers(path)) throw new DirectoryLockedError(directory);
  unlinkSync(path);
  return listen(path);
}

/** Addresses of unix sockets end at about 104 bytes; the process may have made the directory its working one. */
function shortestPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = errorCode(error);
      if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ENOTSOCK') resolve(false);
      else reject(new Error(`The lock ${path} cannot be checked: ${errorMessage(error)}`));
    });
  });
}

function listen(address: string): Promise<DirectoryLock> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(address, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
