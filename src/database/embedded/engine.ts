import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { pg_textsearch } from '@electric-sql/pglite-pg_textsearch';
import { vector } from '@electric-sql/pglite-pgvector';

/** The extensions that may be created. Search by words does without pg_textsearch (docs/decisions/0016), on purpose. */
const extensions = { vector, pg_textsearch };

/** Opens Postgres in this process. `dataDir` absent: in memory. */
export async function openEngine(options: Pick<PGliteOptions, 'dataDir' | 'loadDataDir'>): Promise<PGlite> {
  const engine = new WatchedEngine({ ...options, extensions });
  await engine.waitReady;
  return engine;
}

/**
 * An exception from the engine itself (not an SQL error, which is an ordinary answer) means that the WebAssembly
 * instance has aborted and answers no more. Dying lets the parent start a new one.
 */
class WatchedEngine extends PGlite {
  override async execProtocolRawStream(...args: Parameters<PGlite['execProtocolRawStream']>): Promise<void> {
    try {
      await super.execProtocolRawStream(...args);
    } catch (error) {
      process.stderr.write(`The embedded database has crashed: ${String(error)}\n`);
      process.exit(1);
    }
  }
}
