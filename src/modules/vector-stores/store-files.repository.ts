import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { paginate, type Page } from '../../database/pagination.js';
import { TenantRepository, type ListRequest } from '../../database/tenant-repository.js';
import { forget } from '../../database/tombstones.js';
import { VectorStoreFileEntity } from './entities/vector-store-file.entity.js';
import { storeFileId } from './store-file-id.js';
import { addUp, type StatusSum } from './store-usage.js';
import type { StoreFileStatus, StoreUsage } from './vector-stores.types.js';

/** By what lists of them are narrowed. */
const PLACE_KEYS = ['vectorStoreId', 'batchId'] as const;
/** Rows of one INSERT; Postgres takes at most 65,535 parameters in a statement. */
const ROWS_PER_INSERT = 500;
const DEFAULT_LIMIT = 20;

export type StoreFileRow = Pick<
  VectorStoreFileEntity,
  'id' | 'vectorStoreId' | 'fileId' | 'batchId' | 'chunking' | 'attributes' | 'turn'
>;

/** A store, or a batch of it. */
export interface StorePlace {
  vectorStoreId: string;
  batchId?: string;
}

export interface StoreFileListRequest extends ListRequest {
  filter?: StoreFileStatus | undefined;
}

/** Files in stores. */
@Injectable()
export class StoreFilesRepository extends TenantRepository<VectorStoreFileEntity> {
  constructor(database: Database) {
    super(database, VectorStoreFileEntity, PLACE_KEYS);
  }

  /** What the files of each store add up to. A store without files is in it, too. */
  async usageOf(scope: TenantScope, storeIds: readonly string[]): Promise<Map<string, StoreUsage>> {
    return addUp(storeIds, await this.sums('vector_store_id', scope, storeIds));
  }

  async usageOfBatch(scope: TenantScope, batchId: string): Promise<StoreUsage> {
    const [usage] = addUp([batchId], await this.sums('batch_id', scope, [batchId])).values();
    if (!usage) throw new Error('A batch has no sums.');
    return usage;
  }

  /** Whether any of the stores has files that are not there yet. */
  anyInProgress(scope: TenantScope, storeIds: readonly string[]): Promise<boolean> {
    return this.database.manager.existsBy(VectorStoreFileEntity, {
      projectId: scope.projectId,
      vectorStoreId: In([...storeIds]),
      status: 'in_progress',
    });
  }

  /** A page in which cursors are ids of files, as on the wire. */
  async listFiles(
    scope: TenantScope,
    { vectorStoreId, batchId }: StorePlace,
    request: StoreFileListRequest,
  ): Promise<Page<VectorStoreFileEntity>> {
    const place = { projectId: scope.projectId, vectorStoreId, ...(batchId === undefined ? {} : { batchId }) };
    const query = this.database.manager.createQueryBuilder(VectorStoreFileEntity, 'object').where(place);
    if (request.filter !== undefined) query.andWhere('object.status = :status', { status: request.filter });
    const { limit = DEFAULT_LIMIT, order = 'desc', after, before } = request;
    const page = {
      limit,
      order,
      ...(after === undefined ? {} : { after }),
      ...(before === undefined ? {} : { before }),
    };
    return paginate(query, { ...page, rowIdOf: (fileId) => storeFileId(vectorStoreId, fileId) }, place);
  }

  /** Keeps the places that a file has in lists of stores and batches: it is about to be deleted, and its rows with it. */
  async forgetFile(scope: TenantScope, fileId: string): Promise<void> {
    const { manager } = this.database;
    const rows = await manager.findBy(VectorStoreFileEntity, { projectId: scope.projectId, fileId });
    if (rows.length > 0) await forget(manager, VectorStoreFileEntity, rows, PLACE_KEYS);
  }

  /** Those of the files that are in the store. */
  async present(
    scope: TenantScope,
    vectorStoreId: string,
    fileIds: readonly string[],
  ): Promise<VectorStoreFileEntity[]> {
    return this.database.manager.findBy(VectorStoreFileEntity, {
      projectId: scope.projectId,
      id: In(fileIds.map((fileId) => storeFileId(vectorStoreId, fileId))),
    });
  }

  /** Puts files into stores, in place of what is there of them, with all their work before them. */
  async putAll(scope: TenantScope, files: readonly StoreFileRow[]): Promise<void> {
    const { manager } = this.database;
    for (let start = 0; start < files.length; start += ROWS_PER_INSERT) {
      const part = files.slice(start, start + ROWS_PER_INSERT);
      await manager.delete(VectorStoreFileEntity, { projectId: scope.projectId, id: In(part.map(({ id }) => id)) });
      const rows = part.map((file) => ({ ...file, ...UNTOUCHED, projectId: scope.projectId }));
      await manager.insert(VectorStoreFileEntity, rows);
    }
  }

  /**
   * The turn of a project's next file. Behind those of the project, and not before the one whose turn it is now: so many
   * files of one project do not hold up another's, and one that was idle has saved up nothing.
   */
  async nextTurn(scope: TenantScope): Promise<number> {
    const rows: { turn: number }[] = await this.database.manager.query(
      `SELECT greatest(
         coalesce((SELECT max(turn) FROM vector_store_files WHERE project_id = $1 AND status = 'in_progress'), 0),
         coalesce((SELECT min(turn) FROM vector_store_files WHERE status = 'in_progress'), 0) - 1
       )::float8 + 1 AS turn`,
      [scope.projectId],
    );
    return rows[0]?.turn ?? 1;
  }

  /** Ends what is not there yet, of a batch. Gives the rows' ids. */
  async cancelBatch(scope: TenantScope, batchId: string): Promise<string[]> {
    const [rows]: [{ id: string }[], number] = await this.database.manager.query(
      `UPDATE vector_store_files SET status = 'cancelled', lease_owner = NULL, lease_expires_at = NULL
       WHERE project_id = $1 AND batch_id = $2 AND status = 'in_progress' RETURNING id`,
      [scope.projectId, batchId],
    );
    return rows.map(({ id }) => id);
  }

  private sums(
    group: 'vector_store_id' | 'batch_id',
    scope: TenantScope,
    ids: readonly string[],
  ): Promise<StatusSum[]> {
    return this.database.manager.query(
      `SELECT ${group} AS "groupId", status, count(*)::int AS files, sum(usage_bytes)::float8 AS bytes,
         sum(progress)::float8 AS progress
       FROM vector_store_files WHERE project_id = $1 AND ${group} = ANY($2) GROUP BY 1, 2`,
      [scope.projectId, ids],
    );
  }
}

/** Of a file that nobody has worked on. */
const UNTOUCHED = {
  status: 'in_progress',
  lastError: null,
  usageBytes: 0,
  progress: 0,
  documentMetadata: null,
  leaseOwner: null,
  leaseExpiresAt: null,
  claims: 0,
  retryAt: null,
  summary: null,
  summaryStatus: null,
  summaryOwner: null,
  summaryTries: 0,
  summaryDueAt: null,
} as const;
