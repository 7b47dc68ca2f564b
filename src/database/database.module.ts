import { Global, Logger, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Config } from '@config';
import { errorCode } from '@libs/kernel';
import { CONFIG } from '../common/config.token.js';
import { createDataSource, locateDatabase, type DatabaseLocation, type EntityClass } from './data-source.js';
import { Database } from './database.js';
import { loadMigrations } from './load-migrations.js';
import { migrate } from './migrate.js';
import { TombstoneHousekeeping } from './tombstone-housekeeping.js';
import { TypeOrmDatabase } from './typeorm-database.js';

const logger = new Logger('Database');

/** A Postgres server that starts together with this one needs a while. */
const CONNECTION_TRIES = 10;
const CONNECTION_RETRY_MS = 1500;

/** Codes of Node and Postgres for a server that is not there yet or still starts; all else would fail again. */
const NOT_READY_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', 'ETIMEDOUT', '57P03']);

function isServerNotReady(error: unknown): boolean {
  return NOT_READY_CODES.has(errorCode(error) ?? '');
}

function locate(config: Config): DatabaseLocation {
  const location = locateDatabase(config);
  return location.engine === 'server'
    ? location
    : { ...location, onIncident: (sentence: string): void => logger.error(sentence) };
}

/** Nest hands the factory of the DataSource nothing but TypeORM's options, so the location travels in `extra`. */
interface LocatedOptions {
  location: DatabaseLocation;
}

async function startDataSource(options: DataSourceOptions | undefined): Promise<DataSource> {
  const { location } = options?.extra as LocatedOptions;
  const entities = (options?.entities ?? []) as EntityClass[];
  const dataSource = createDataSource(location, { entities, migrations: await loadMigrations() });
  await dataSource.initialize();
  try {
    await migrate(dataSource, location);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Starts the configured database, brings its schema up to date, and gives everybody the Database. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        type: 'postgres',
        autoLoadEntities: true,
        extra: { location: locate(config) } satisfies LocatedOptions,
        retryAttempts: CONNECTION_TRIES,
        retryDelay: CONNECTION_RETRY_MS,
        toRetry: isServerNotReady,
      }),
      dataSourceFactory: startDataSource,
    }),
  ],
  providers: [
    TombstoneHousekeeping,
    {
      provide: Database,
      inject: [getDataSourceToken(), CONFIG],
      useFactory: (dataSource: DataSource, config: Config) =>
        new TypeOrmDatabase(dataSource, locateDatabase(config).engine),
    },
  ],
  exports: [Database],
})
export class DatabaseModule {}
