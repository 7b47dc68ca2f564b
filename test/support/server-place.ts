import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyMigratedDatabase } from './migrated-database.js';
import { claimRedisDatabase } from './redis-database.js';

/** Where a server keeps its state: in its data folder alone, or on a Postgres and a Redis server. */
export type ServerEngine = 'embedded' | 'postgres+redis';

/** State that outlives a server process. */
export interface ServerPlace {
  dataDir: string;
  /** The variables that lead a server there. */
  environment: Record<string, string>;
  remove(): Promise<void>;
}

/** A fresh place, used by nobody else, in which nothing is but, unless it is the first start, the tables. */
export async function makeServerPlace(engine: ServerEngine, isFirstStart = false): Promise<ServerPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-e2e-'));
  const removeDataDir = (): Promise<void> => rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  if (engine === 'embedded') {
    if (!isFirstStart) await copyMigratedDatabase(join(dataDir, 'database'));
    return { dataDir, environment: { DATA_DIR: dataDir }, remove: removeDataDir };
  }
  const { makePlace } = await import('./database.js');
  const database = await makePlace('server');
  if (database.location.engine !== 'server') throw new Error('This place is not on a server.');
  const redis = await claimRedisDatabase();
  return {
    dataDir,
    environment: { DATA_DIR: dataDir, DATABASE_URL: database.location.url, REDIS_URL: redis.url },
    remove: async () => {
      await redis.release();
      await database.remove();
      await removeDataDir();
    },
  };
}
