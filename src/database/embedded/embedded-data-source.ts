import { DataSource, type DataSourceOptions, type Migration } from 'typeorm';
import { EmbeddedDatabase, type EmbeddedDatabaseOptions } from './embedded-database.js';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** A DataSource that brings its database along: it starts on `initialize` and ends on `destroy`. */
export class EmbeddedDataSource extends DataSource {
  readonly database: EmbeddedDatabase;

  constructor(options: PostgresOptions, embedded: EmbeddedDatabaseOptions) {
    const database = new EmbeddedDatabase(embedded);
    super({
      ...options,
      host: 'embedded',
      username: 'postgres',
      database: 'postgres',
      // The engine has one session; a second connection would share its transaction.
      poolSize: 1,
      extra: { stream: () => database.createSocket(), idleTimeoutMillis: 0 },
    });
    this.database = database;
  }

  override async initialize(): Promise<this> {
    await this.database.start();
    try {
      return await super.initialize();
    } catch (error) {
      await this.database.close();
      throw error;
    }
  }

  override async destroy(): Promise<void> {
    await super.destroy();
    await this.database.close();
  }

  override runMigrations(options?: Parameters<DataSource['runMigrations']>[0]): Promise<Migration[]> {
    return this.database.withoutQueryLimit(() => super.runMigrations(options));
  }
}
