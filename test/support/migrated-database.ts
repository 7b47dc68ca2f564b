import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DatabaseLocation } from '../../src/database/data-source.js';
import { ensureTemplate, templatePath } from '../../src/database/embedded/template.js';

const MIGRATIONS = fileURLToPath(new URL('../../src/database/migrations/', import.meta.url));
const NAME = 'migrated-database-';

/**
 * An embedded database as a server leaves it that was started once and stopped. To start on a copy takes half of the
 * processor's time that a first start takes, and tests start a hundred servers.
 */
export async function ensureMigratedDatabase(): Promise<string> {
  const path = await migratedPath();
  if (existsSync(path)) return path;
  await ensureTemplate();
  await removeOutdated(dirname(path));
  const directory = await mkdtemp(join(dirname(path), 'unfinished-'));
  await fill(directory);
  // Two may make it at once: the first rename wins.
  await rename(directory, path).catch(() => rm(directory, { recursive: true, force: true }));
  return path;
}

/** Lays a copy at `directory`, which must not exist yet. */
export async function copyMigratedDatabase(directory: string): Promise<void> {
  const source = await ensureMigratedDatabase();
  // Node's own copying of the thousand files takes ten times as long.
  if (process.platform === 'win32') await cp(source, directory, { recursive: true });
  else await promisify(execFile)('cp', ['-Rp', source, directory]);
}

/** The name bears the engine and the migrations that it was made with. */
async function migratedPath(): Promise<string> {
  const hash = createHash('sha256').update(basename(templatePath()));
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    hash.update(name).update(await readFile(join(MIGRATIONS, name)));
  }
  return join(dirname(templatePath()), `${NAME}${hash.digest('hex').slice(0, 16)}`);
}

async function removeOutdated(folder: string): Promise<void> {
  const outdated = (await readdir(folder)).filter((name) => name.startsWith(NAME));
  await Promise.all(outdated.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Loads TypeORM only here: most suites find what they need. */
async function fill(directory: string): Promise<void> {
  const { createDataSource } = await import('../../src/database/data-source.js');
  const { loadMigrations } = await import('../../src/database/load-migrations.js');
  const { migrate } = await import('../../src/database/migrate.js');
  const location: DatabaseLocation = { engine: 'embedded', directory };
  const dataSource = createDataSource(location, { entities: [], migrations: await loadMigrations() });
  await dataSource.initialize();
  try {
    await migrate(dataSource, location);
  } finally {
    await dataSource.destroy();
  }
}
