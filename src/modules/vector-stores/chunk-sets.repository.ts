import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import { In } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { ChunkSetEntity } from './entities/chunk-set.entity.js';
import type { StoreFileRecord } from './vector-stores.types.js';

/** A set of chunks of no file. */
export interface UselessSet {
  id: string;
  projectId: string;
  vectorStoreId: string;
  /** The store is gone, and so are the workers of all its sets. */
  isOfDeletedStore: boolean;
}

/** What a search tells of a hit's file. */
export type SearchedFile = Pick<StoreFileRecord, 'vectorStoreId' | 'fileId' | 'attributes' | 'documentMetadata'>;

export interface SetOfFile extends Pick<StoreFileRecord, 'vectorStoreId' | 'fileId'> {
  setId: string;
}

/** Sets of chunks. Times are the database's own, so that clocks of several processes need not agree. */
@Injectable()
export class ChunkSetsRepository extends TenantRepository<ChunkSetEntity> {
  constructor(database: Database) {
    super(database, ChunkSetEntity);
  }

  /** The files whose chunks are in these sets, by the set's id; sets of no file are left out. Asked once a search. */
  async filesOf(scope: TenantScope, setIds: readonly string[]): Promise<Map<string, SearchedFile>> {
    if (setIds.length === 0) return new Map();
    const rows = await this.database.prepared<SearchedFile & { setId: string }>(
      'files-of-chunk-sets',
      `SELECT sets.id AS "setId", files.vector_store_id AS "vectorStoreId", files.file_id AS "fileId",
         files.attributes, files.document_metadata AS "documentMetadata"
       FROM vector_store_chunk_sets AS sets JOIN vector_store_files AS files ON files.id = sets.store_file_id
       WHERE sets.project_id = $1 AND sets.id = ANY($2)`,
      [scope.projectId, setIds],
    );
    return new Map(rows.map(({ setId, ...file }) => [setId, file]));
  }

  /** The files of the stores that have sets, with these. */
  async ofStores(scope: TenantScope, vectorStoreIds: readonly string[]): Promise<SetOfFile[]> {
    return this.database.manager.query(
      `SELECT sets.id AS "setId", files.vector_store_id AS "vectorStoreId", files.file_id AS "fileId"
       FROM vector_store_chunk_sets AS sets JOIN vector_store_files AS files ON files.id = sets.store_file_id
       WHERE sets.project_id = $1 AND files.vector_store_id = ANY($2)`,
      [scope.projectId, vectorStoreIds],
    );
  }

  /** The set of a file; null while it has none. */
  async ofFile(scope: TenantScope, storeFileId: string): Promise<string | null> {
    const set = await this.database.manager.findOneBy(ChunkSetEntity, { projectId: scope.projectId, storeFileId });
    return set?.id ?? null;
  }

  /** A new set takes the place of the file's former one, which becomes useless. In the transaction of the claim. */
  async replace(
    scope: TenantScope,
    set: { id: string; vectorStoreId: string; storeFileId: string; leaseMs: number },
  ): Promise<void> {
    await this.forsake(scope, [set.storeFileId]);
    await this.database.manager.query(
      `INSERT INTO vector_store_chunk_sets (id, project_id, vector_store_id, store_file_id, lease_expires_at)
       VALUES ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')`,
      [set.id, scope.projectId, set.vectorStoreId, set.storeFileId, set.leaseMs],
    );
  }

  /** The files give up their sets. */
  async forsake(scope: TenantScope, storeFileIds: readonly string[]): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_chunk_sets SET store_file_id = NULL WHERE project_id = $1 AND store_file_id = ANY($2)`,
      [scope.projectId, storeFileIds],
    );
  }

  /** A store is being deleted: leaves a set behind from which the collector learns that, whether there are others or not. */
  async bury(scope: TenantScope, vectorStoreId: string): Promise<void> {
    const id = newId('chunkSet');
    await this.insert(scope, { id, vectorStoreId, storeFileId: null, leaseExpiresAt: new Date() });
  }

  async prolong(id: string, leaseMs: number): Promise<void> {
    await this.database.manager.query(
      `UPDATE vector_store_chunk_sets SET lease_expires_at = now() + $2 * interval '1 millisecond' WHERE id = $1`,
      [id, leaseMs],
    );
  }

  /** The worker is done with the set: from now on it may be removed once it is useless. */
  async release(id: string): Promise<void> {
    await this.database.manager.query(`UPDATE vector_store_chunk_sets SET lease_expires_at = now() WHERE id = $1`, [
      id,
    ]);
  }

  /** Those that no worker writes to any more, of every tenant: for the collector alone. */
  findUseless(limit: number): Promise<UselessSet[]> {
    return this.database.manager.query(
      `SELECT id, project_id AS "projectId", vector_store_id AS "vectorStoreId",
         NOT EXISTS (SELECT 1 FROM vector_stores WHERE vector_stores.id = vector_store_id)
           AND NOT EXISTS (SELECT 1 FROM vector_store_chunk_sets AS held
             WHERE held.vector_store_id = useless.vector_store_id AND held.lease_expires_at > now()) AS "isOfDeletedStore"
       FROM vector_store_chunk_sets AS useless
       WHERE store_file_id IS NULL AND lease_expires_at <= now() ORDER BY lease_expires_at LIMIT $1`,
      [limit],
    );
  }

  /** All sets of a store that is gone: for the collector alone. */
  async dropStore(vectorStoreId: string): Promise<void> {
    await this.database.manager.delete(ChunkSetEntity, { vectorStoreId });
  }

  /** For the collector alone: nobody needs to know their places in a list. */
  async drop(ids: readonly string[]): Promise<void> {
    await this.database.manager.delete(ChunkSetEntity, { id: In([...ids]) });
  }
}
