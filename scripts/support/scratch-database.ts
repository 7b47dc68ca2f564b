import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { ensureTemplate } from '../../src/database/embedded/template.js';
import { loadEntities } from '../../src/database/load-entities.js';
import { loadMigrations } from '../../src/database/load-migrations.js';

/**
 * Runs work on an empty embedded database that knows every migration and the entities of every module (or of the named
 * ones), and removes it afterwards.
 */
export async function withScratchDatabase(
  work: (dataSource: DataSource) => Promise<void>,
  modules?: readonly string[],
): Promise<void> {
  await ensureTemplate();
  const directory = await mkdtemp(join(tmpdir(), 'threadmill-scratch-'));
  const contents = { entities: await loadEntities(modules), migrations: await loadMigrations() };
  const dataSource = createDataSource({ engine: 'embedded', directory }, contents);
  await dataSource.initialize();
  try {
    await work(dataSource);
  } finally {
    await dataSource.destroy();
    await rm(directory, { recursive: true, force: true });
  }
}

/** The statements that would bring the tables to what the entities say. */
export async function schemaDifference(dataSource: DataSource): Promise<{ up: string[]; down: string[] }> {
  const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
  return {
    up: upQueries.map(({ query }) => query),
    down: downQueries.map(({ query }) => query).reverse(),
  };
}
