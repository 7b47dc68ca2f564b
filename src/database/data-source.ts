import { join } from 'node:path';
import { DataSource, type DataSourceOptions, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { DeletedObject } from './deleted-object.entity.js';
import type { EmbeddedDatabaseOptions } from './embedded/embedded-database.js';
import { EmbeddedDataSource } from './embedded/embedded-data-source.js';
import type { MigrationClass } from './load-migrations.js';

/** A server by URL, or the embedded one in a folder. */
export type DatabaseLocation =
  | { engine: 'server'; url: string; poolSize: number }
  | ({ engine: 'embedded'; connectionTimeoutMs?: number } & EmbeddedDatabaseOptions);

export type EntityClass = EntityTarget<ObjectLiteral> & (abstract new () => ObjectLiteral);

export interface DataSourceContents {
  entities: readonly EntityClass[];
  migrations: readonly MigrationClass[];
}

/** An error instead of a wait for ever where code asks for a second connection while it holds the only one. */
export const CONNECTION_TIMEOUT_MS = 10_000;

/** Where the configuration says that the state is. */
export function locateDatabase(config: {
  DATABASE_URL: string | undefined;
  DATABASE_POOL_SIZE: number;
  DATA_DIR: string;
}): DatabaseLocation {
  return config.DATABASE_URL === undefined
    ? { engine: 'embedded', directory: join(config.DATA_DIR, 'database') }
    : { engine: 'server', url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE };
}

/** The one place that makes a DataSource, for the server, the tools and the tests. The schema changes by migrations only. */
export function createDataSource(location: DatabaseLocation, contents: DataSourceContents): DataSource {
  const shared = {
    type: 'postgres',
    entities: [DeletedObject, ...contents.entities],
    migrations: [...contents.migrations],
    synchronize: false,
    migrationsTableName: 'migrations',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    connectTimeoutMS: CONNECTION_TIMEOUT_MS,
  } satisfies DataSourceOptions;
  if (location.engine === 'embedded') {
    const { connectionTimeoutMs = CONNECTION_TIMEOUT_MS } = location;
    return new EmbeddedDataSource({ ...shared, connectTimeoutMS: connectionTimeoutMs }, location);
  }
  return new DataSource({ ...shared, url: location.url, poolSize: location.poolSize });
}
