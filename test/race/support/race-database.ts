import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createDataSource, type DatabaseLocation } from '../../../src/database/data-source.js';
import type { TestServer } from '../../support/server.js';

/** Runs whose metadata names `expires_in_ms` expire so long after their creation. */
export const EXPIRY_BY_METADATA = `
CREATE OR REPLACE FUNCTION expire_by_metadata() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.expires_at = now() + (NEW.metadata->>'expires_in_ms')::int * interval '1 millisecond';
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER expire_by_metadata BEFORE INSERT ON runs
  FOR EACH ROW WHEN (NEW.metadata ? 'expires_in_ms') EXECUTE FUNCTION expire_by_metadata();
`;

/** Nothing of a run may be left open once all have ended. */
const LEFT_OPEN = `
SELECT 'run ' || id || ' is ' || status AS breach FROM runs
  WHERE status NOT IN ('completed', 'incomplete', 'failed', 'cancelled', 'expired')
UNION ALL SELECT 'run ' || id || ' has ended with a lease' FROM runs WHERE lease_owner IS NOT NULL
UNION ALL SELECT 'thread ' || id || ' is held by ' || active_run_id FROM threads WHERE active_run_id IS NOT NULL
UNION ALL SELECT 'step ' || id || ' of ' || run_id || ' is open' FROM run_steps WHERE status = 'in_progress'
UNION ALL SELECT 'message ' || id || ' of ' || run_id || ' is open' FROM messages WHERE status = 'in_progress'
`;

/** Does something in the database of a server; the embedded one has room for one process, so the server stops before. */
export async function withDatabase<Result>(
  server: TestServer,
  use: (database: DataSource) => Promise<Result>,
): Promise<Result> {
  const { DATABASE_URL: url, DATA_DIR: dataDir = '' } = server.environment;
  const isEmbedded = url === undefined;
  const location: DatabaseLocation = isEmbedded
    ? { engine: 'embedded', directory: join(dataDir, 'database') }
    : { engine: 'server', url, poolSize: 1 };
  if (isEmbedded) await server.kill('SIGTERM');
  const database = createDataSource(location, { entities: [], migrations: [] });
  try {
    await database.initialize();
    return await use(database);
  } finally {
    if (database.isInitialized) await database.destroy();
  }
}

/** From now on a run whose metadata names `expires_in_ms` expires so long after its creation. */
export async function letRunsExpireByMetadata(server: TestServer): Promise<void> {
  await withDatabase(server, (database) => database.query(EXPIRY_BY_METADATA));
  if (server.environment.DATABASE_URL === undefined) await server.restart();
}

/** What is left open in the whole database. The embedded one's server has stopped afterwards. */
export async function findLeftOpen(server: TestServer): Promise<string[]> {
  const rows = await withDatabase(server, (database) => database.query<{ breach: string }[]>(LEFT_OPEN));
  return rows.map(({ breach }) => breach);
}
