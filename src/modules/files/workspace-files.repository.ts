import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import type { FileEntity } from './entities/file.entity.js';
import { WorkspaceFileEntity } from './entities/workspace-file.entity.js';
import type { WorkspaceFileKind } from './files.types.js';

/** An entry together with its file. */
export type WorkspaceFileWithFile = WorkspaceFileEntity & { file: FileEntity };

/** Which file of which workspace a URL of the file server names. */
export interface WorkspaceFileAddress {
  workspaceId: string;
  kind: WorkspaceFileKind;
  name: string;
}

/** Entries of workspaces. Those whose file has expired are left out. */
@Injectable()
export class WorkspaceFilesRepository extends TenantRepository<WorkspaceFileEntity> {
  constructor(database: Database) {
    super(database, WorkspaceFileEntity);
  }

  /** Makes others that would change the workspace wait until the transaction of the caller ends. */
  async lockWorkspace(scope: TenantScope, workspaceId: string): Promise<void> {
    const digest = createHash('sha256').update(`workspace ${scope.projectId} ${workspaceId}`).digest();
    await this.database.manager.query('SELECT pg_advisory_xact_lock($1)', [digest.readBigInt64BE().toString()]);
  }

  /** Uploaded files first, then generated ones, each in the order they came. */
  async listWithFiles(scope: TenantScope, workspaceId: string): Promise<WorkspaceFileWithFile[]> {
    // Most workspaces of runs are empty, and the question below costs more than all else that a run asks.
    if ((await this.listed(scope, { workspaceId }, 'ASC', 1)).length === 0) return [];
    const entries = await this.unexpired()
      .andWhere('entry.project_id = :projectId', { projectId: scope.projectId })
      .andWhere('entry.workspace_id = :workspaceId', { workspaceId })
      .orderBy('entry.kind', 'DESC')
      .addOrderBy('entry.sequence', 'ASC')
      .getMany();
    return entries as WorkspaceFileWithFile[];
  }

  /** Names in use, those of expired files among them. */
  async namesOf(scope: TenantScope, workspaceId: string): Promise<Set<string>> {
    const entries = await this.database.manager.find(WorkspaceFileEntity, {
      select: { id: true, name: true },
      where: { projectId: scope.projectId, workspaceId },
    });
    return new Set(entries.map((entry) => entry.name));
  }

  async removeEntry(scope: TenantScope, address: WorkspaceFileAddress): Promise<void> {
    const { workspaceId, kind, name } = address;
    await this.database.manager.delete(WorkspaceFileEntity, { projectId: scope.projectId, workspaceId, kind, name });
  }

  async removeAll(scope: TenantScope, workspaceId: string): Promise<void> {
    await this.database.manager.delete(WorkspaceFileEntity, { projectId: scope.projectId, workspaceId });
  }

  /** Whatever project it is of: only for an address whose signature was checked, which is what gives access. */
  async findSigned({ workspaceId, kind, name }: WorkspaceFileAddress): Promise<WorkspaceFileWithFile | null> {
    const entry = await this.unexpired()
      .andWhere('entry.workspace_id = :workspaceId', { workspaceId })
      .andWhere('entry.kind = :kind', { kind })
      .andWhere('entry.name = :name', { name })
      .getOne();
    return entry as WorkspaceFileWithFile | null;
  }

  private unexpired(): SelectQueryBuilder<WorkspaceFileEntity> {
    return this.database.manager
      .createQueryBuilder(WorkspaceFileEntity, 'entry')
      .innerJoinAndSelect('entry.file', 'file')
      .where('(file.expires_at IS NULL OR file.expires_at > :now)', { now: new Date() });
  }
}
