import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource, type DatabaseLocation, type EntityClass } from '../../src/database/data-source.js';
import type { Database } from '../../src/database/database.js';
import { loadMigrations } from '../../src/database/load-migrations.js';
import { migrate } from '../../src/database/migrate.js';
import { TypeOrmDatabase } from '../../src/database/typeorm-database.js';
import { copyMigratedDatabase } from './migrated-database.js';
import { TEST_DATABASE_URL } from './requirements.js';

export interface TestDatabase {
  database: Database;
  dataSource: DataSource;
  /** Where it is, for those who open it a second time. */
  location: DatabaseLocation;
  /** Closes it and removes every trace. */
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Without it: the server where DATABASE_URL or TEST_DATABASE_URL is set, else the embedded one. */
  engine?: DatabaseLocation['engine'];
  /** Makes the tables of entities that no migration has: entities of the test itself. */
  createTables?: boolean;
}

/** A fresh database that knows the given entities, with every migration applied. */
export async function openTestDatabase(
  entities: readonly EntityClass[],
  options: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const place = await makePlace(options.engine ?? engineOfEnvironment());
  if (place.location.engine === 'embedded') await copyMigratedDatabase(place.location.directory);
  const dataSource = createDataSource(place.location, { entities, migrations: await loadMigrations() });
  try {
    await dataSource.initialize();
    await migrate(dataSource, place.location);
    if (options.createTables === true) await dataSource.synchronize();
  } catch (error) {
    await closeQuietly(dataSource);
    await place.remove();
    throw error;
  }
  return {
    dataSource,
    database: new TypeOrmDatabase(dataSource, place.location.engine),
    location: place.location,
    close: async () => {
      await dataSource.destroy();
      await place.remove();
    },
  };
}

/** An empty place for a database; nothing runs there yet. */
export interface DatabasePlace {
  location: DatabaseLocation;
  remove(): Promise<void>;
}

export async function makePlace(engine: DatabaseLocation['engine']): Promise<DatabasePlace> {
  return engine === 'embedded' ? makeEmbeddedPlace() : makeServerPlace();
}

function engineOfEnvironment(): DatabaseLocation['engine'] {
  const { DATABASE_URL, TEST_DATABASE_URL: testUrl } = process.env;
  return DATABASE_URL === undefined && testUrl === undefined ? 'embedded' : 'server';
}

async function makeEmbeddedPlace(): Promise<DatabasePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'threadmill-test-'));
  return {
    location: { engine: 'embedded', directory: join(folder, 'database') },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function makeServerPlace(): Promise<DatabasePlace> {
  const url = new URL(process.env.DATABASE_URL ?? TEST_DATABASE_URL);
  const name = `threadmill_test_${randomBytes(8).toString('hex')}`;
  await onServer(url, `CREATE DATABASE ${name}`);
  const ownUrl = new URL(url);
  ownUrl.pathname = `/${name}`;
  return {
    location: { engine: 'server', url: ownUrl.href, poolSize: 4 },
    remove: () => onServer(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(url: URL, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function closeQuietly(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
}
