import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { VectorStoreEntity } from './entities/vector-store.entity.js';

/** Activity within this time of the last that was noted is not noted again: expiry counts days. */
const ACTIVITY_SECONDS = 5;

/** What a search needs to know of a store. */
export interface SearchedStore {
  id: string;
  expiresAt: Date | null;
  hasSummaries: boolean;
  /** Its last noted activity is long enough ago that another is to be noted. */
  isQuiet: boolean;
}

@Injectable()
export class VectorStoresRepository extends TenantRepository<VectorStoreEntity> {
  constructor(database: Database) {
    super(database, VectorStoreEntity);
  }

  /** In no certain order; ids that name nothing are left out. */
  findMany(scope: TenantScope, ids: readonly string[]): Promise<VectorStoreEntity[]> {
    const askable = ids.filter((id) => !id.includes('\0'));
    if (askable.length === 0) return Promise.resolve([]);
    return this.database.manager.findBy(VectorStoreEntity, { projectId: scope.projectId, id: In(askable) });
  }

  /** Makes others that would give a store this name by `createNamed` wait until the transaction of the caller ends. */
  async lockName(scope: TenantScope, name: string): Promise<void> {
    const digest = createHash('sha256').update(`vector store ${scope.projectId} ${name}`).digest();
    await this.database.manager.query('SELECT pg_advisory_xact_lock($1)', [digest.readBigInt64BE().toString()]);
  }

  /** The first store of each name that has not expired, the newest of them first. @param name of one store */
  async listNamed(scope: TenantScope, limit: number, name: string | null = null): Promise<VectorStoreEntity[]> {
    if (name?.includes('\0')) return [];
    const rows = await this.rowsOf({
      name: 'vector-stores-by-name',
      sql: `SELECT * FROM (
          SELECT DISTINCT ON (name) * FROM vector_stores
          WHERE project_id = $1 AND ($2::text IS NULL OR name = $2) AND name <> ''
            AND (expires_at IS NULL OR expires_at > now()) ORDER BY name, sequence) AS first_of_name
        ORDER BY sequence DESC LIMIT $3`,
      values: [scope.projectId, name, limit],
    });
    return rows.map((row) => this.statements.toEntity(row));
  }

  /** Those that are there, as searches need to know them: what is asked once a search. */
  async forSearch(scope: TenantScope, ids: readonly string[]): Promise<SearchedStore[]> {
    const askable = ids.filter((id) => !id.includes('\0'));
    if (askable.length === 0) return [];
    return this.database.prepared<SearchedStore>(
      'vector-stores-for-search',
      `SELECT id, expires_at AS "expiresAt", has_summaries AS "hasSummaries",
         last_active_at < now() - $3 * interval '1 second' AS "isQuiet"
       FROM vector_stores WHERE project_id = $1 AND id = ANY($2)`,
      [scope.projectId, askable, ACTIVITY_SECONDS],
    );
  }

  /** Notes activity, which moves the expiry. What has expired already stays so. */
  async touch(scope: TenantScope, ids: readonly string[]): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_stores SET last_active_at = now(), expires_at = now() + expires_after_days * interval '1 day'
       WHERE project_id = $1 AND id = ANY($2) AND (expires_at IS NULL OR expires_at > now())
         AND last_active_at < now() - $3 * interval '1 second'`,
      [scope.projectId, ids, ACTIVITY_SECONDS],
    );
  }

  /**
   * The files of stores that have expired give up their chunks, once: nothing comes into such a store any more. In the
   * caller's transaction. Of every tenant: for housekeeping alone.
   */
  async emptyExpired(): Promise<void> {
    const { manager } = this.database;
    // Waits for those who hold a store, so that the files they put into it are seen below.
    const [stores]: [{ id: string }[], number] = await manager.query(
      `UPDATE vector_stores SET emptied_at = now() WHERE emptied_at IS NULL AND expires_at <= now() RETURNING id`,
    );
    if (stores.length === 0) return;
    const ids = stores.map(({ id }) => id);
    await manager.query(
      `UPDATE vector_store_files SET usage_bytes = 0,
         status = CASE status WHEN 'in_progress' THEN 'cancelled' ELSE status END
       WHERE vector_store_id = ANY($1) AND (usage_bytes > 0 OR status = 'in_progress')`,
      [ids],
    );
    await manager.query(
      `UPDATE vector_store_chunk_sets SET store_file_id = NULL
       WHERE vector_store_id = ANY($1) AND store_file_id IS NOT NULL`,
      [ids],
    );
  }
}
