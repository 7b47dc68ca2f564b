import type { DataSource } from 'typeorm';
import { schemaDifference, withScratchDatabase } from './support/scratch-database.js';

/**
 * `npm run migration:check`: on an empty database, applies all migrations, demands that they give exactly what the
 * entities say, takes every one of them back, demands that nothing is left, and applies them again.
 */
await withScratchDatabase(async (dataSource) => {
  const applied = await dataSource.runMigrations();
  await demandNoDifference(dataSource, 'The migrations do not give what the entities say. Run migration:generate.');
  for (const migration of [...applied].reverse()) {
    await dataSource.undoLastMigration();
    console.log(`took back ${migration.name}`);
  }
  await demandNoTables(dataSource);
  await dataSource.runMigrations();
  await demandNoDifference(dataSource, 'Applied a second time, the migrations give something else.');
  console.log(`${applied.length} migrations are well.`);
});

async function demandNoDifference(dataSource: DataSource, complaint: string): Promise<void> {
  const { up } = await schemaDifference(dataSource);
  if (up.length > 0) throw new Error([complaint, ...up].join('\n  '));
}

async function demandNoTables(dataSource: DataSource): Promise<void> {
  const rows: { name: string }[] = await dataSource.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'migrations'`,
  );
  if (rows.length > 0) throw new Error(`Left after every down(): ${rows.map(({ name }) => name).join(', ')}`);
}
