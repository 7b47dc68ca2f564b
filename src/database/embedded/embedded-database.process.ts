import { mkdirSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { openDatabaseFolder } from './data-directory.js';
import { DirectoryLockedError, lockDirectory, type DirectoryLock } from './directory-lock.js';
import { EngineServer } from './engine-server.js';
import { openEngine } from './engine.js';
import type { ChildMessage, ChildOptions, ParentMessage } from './messages.js';
import { watchParent } from './orphan-watch.js';
import { readTemplate } from './template.js';

/** A server that was killed a moment ago may still be on its way out. */
const LOCK_PATIENCE_MS = 3000;
const LOCK_RETRY_MS = 100;

/**
 * One connection is used at a time: the engine has one session, and statements of two connections would mix. The
 * second place is for a new connection that arrives before the old one's end has been noticed.
 */
const MOST_CONNECTIONS = 2;

async function serve(options: ChildOptions): Promise<void> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  process.chdir(options.directory);
  const lock = await lockPatiently(options.directory);
  const engine = await openDatabase(options.directory);
  const server = new EngineServer(engine, MOST_CONNECTIONS);
  const endpoint = await server.listen(options.socketPath);
  stopOnDemand(server, engine, lock);
  say({ type: 'ready', endpoint });
}

async function lockPatiently(directory: string): Promise<DirectoryLock> {
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (;;) {
    try {
      return await lockDirectory(directory);
    } catch (error) {
      if (!(error instanceof DirectoryLockedError) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  }
}

async function openDatabase(directory: string): Promise<PGlite> {
  const folder = openDatabaseFolder(directory);
  const engine = await openEngine({
    dataDir: folder.path,
    loadDataDir: folder.fresh ? await readTemplate() : undefined,
  });
  folder.finished();
  return engine;
}

function stopOnDemand(server: EngineServer, engine: PGlite, lock: DirectoryLock): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await server.close();
    await engine.close();
    await lock.release();
    process.exit(0);
  };
  const stopOrDie = (): void => {
    stop().catch((error: unknown) => {
      process.stderr.write(`The embedded database did not close cleanly: ${String(error)}\n`);
      process.exit(1);
    });
  };
  process.on('message', (message: ParentMessage) => {
    if (message.type === 'stop') stopOrDie();
  });
  process.on('disconnect', stopOrDie);
}

function say(message: ChildMessage): void {
  process.send?.(message);
}

// The terminal and service managers signal the whole group; the parent still needs the database to finish its work.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
// A parent that dies before anything listens for its stop is noticed too.
process.once('disconnect', () => setTimeout(() => process.exit(0), LOCK_PATIENCE_MS * 2));

watchParent();
serve(JSON.parse(process.argv[2] ?? '{}') as ChildOptions).catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  const type = error instanceof DirectoryLockedError ? 'locked' : 'failed';
  process.send?.({ type, reason } satisfies ChildMessage, () => process.exit(1));
});
