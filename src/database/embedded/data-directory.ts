import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of the data directory that belong to the embedded database. */
export interface DatabaseFolder {
  /** Postgres' own directory. */
  path: string;
  /** Nothing is there yet: it is to be filled. */
  fresh: boolean;
  /** Says that the filling is complete. */
  finished(): void;
}

const MARKER_NAME = 'database.unfinished';

/**
 * Finds or makes Postgres' directory. A marker stands beside it while it is filled for the first time: a
 * process that died half-way has served nobody yet, so what it left is removed and made anew.
 */
export function openDatabaseFolder(directory: string): DatabaseFolder {
  const path = join(directory, 'database');
  const marker = join(directory, MARKER_NAME);
  if (existsSync(marker)) rmSync(path, { recursive: true, force: true });
  const fresh = !existsSync(join(path, 'PG_VERSION'));
  if (fresh) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(marker, '');
  } else {
    rmSync(marker, { force: true });
  }
  return { path, fresh, finished: () => rmSync(marker, { force: true }) };
}
