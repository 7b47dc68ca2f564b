import { loadConfig } from '@config';
import { createDataSource, locateDatabase } from './src/database/data-source.js';
import { loadEntities } from './src/database/load-entities.js';
import { loadMigrations } from './src/database/load-migrations.js';

/** The configured database with every entity and migration, for TypeORM's command line. The server makes its own. */
export default createDataSource(locateDatabase(loadConfig()), {
  entities: await loadEntities(),
  migrations: await loadMigrations(),
});
