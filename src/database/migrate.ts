import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { DatabaseLocation } from './data-source.js';

/** Any number that no other program of this database locks by: 'thml' in ASCII. */
const MIGRATION_LOCK = 0x74686d6c;

/**
 * Brings the schema up to date. Servers that start at once wait for each other; the lock has a connection of its own,
 * because it belongs to a session and the pool may have only one. The embedded database has one process anyway.
 */
export async function migrate(dataSource: DataSource, location: DatabaseLocation): Promise<void> {
  if (location.engine === 'embedded') {
    await dataSource.runMigrations();
    return;
  }
  const locker = new pg.Client({ connectionString: location.url });
  await locker.connect();
  try {
    await locker.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
  } finally {
    await locker.end();
  }
}
