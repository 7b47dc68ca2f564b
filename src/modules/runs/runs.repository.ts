import { Injectable } from '@nestjs/common';
import type { RunStatus } from '@libs/openai-wire';
import { In } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { RunEntity } from './entities/run.entity.js';
import { statusesBefore } from './run-state.js';
import type { RunRecord } from './runs.types.js';

/** A run and whose it is, as the reaper finds it. */
export interface StrayRun {
  id: string;
  projectId: string;
  status: RunStatus;
  expired: boolean;
}

/** Times are the database's own, so that clocks of several processes need not agree. */
@Injectable()
export class RunsRepository extends TenantRepository<RunEntity> {
  constructor(database: Database) {
    super(database, RunEntity, ['threadId']);
  }

  /** Moves a run on, only from a status that allows it. Null: it was not in one, or is not there. */
  async transition(
    scope: TenantScope,
    id: string,
    to: RunStatus,
    fields: Partial<RunRecord>,
  ): Promise<RunEntity | null> {
    const { affected } = await this.database.manager.update(
      RunEntity,
      { id, projectId: scope.projectId, status: In(statusesBefore(to)) },
      { ...(changeableFields(fields) as QueryDeepPartialEntity<RunEntity>), ...workOf(to), status: to },
    );
    return affected ? this.find(scope, id) : null;
  }

  /**
   * Takes the lease of a run that waits, or whose worker is gone. Null where it is not to be had. Workers know no
   * tenant before: the job names the run only.
   */
  async claim(id: string, owner: string, leaseMs: number): Promise<RunEntity | null> {
    const rows: unknown = await this.database.manager.query(
      `UPDATE runs SET status = 'in_progress', lease_owner = $2, claims = claims + 1,
         lease_expires_at = now() + $3 * interval '1 millisecond', started_at = now()
       WHERE id = $1 AND (expires_at IS NULL OR expires_at > now())
         AND (status = 'queued' OR (status = 'in_progress' AND (lease_expires_at IS NULL OR lease_expires_at < now())))
       RETURNING project_id`,
      [id, owner, leaseMs],
    );
    const projectId = firstRow<{ project_id: string }>(rows)?.project_id;
    return projectId === undefined ? null : this.find({ projectId }, id);
  }

  /** Prolongs the lease. The status shows a cancel that no event told of; null: the lease is no longer ours. */
  async heartbeat(id: string, owner: string, leaseMs: number): Promise<RunStatus | null> {
    const rows: unknown = await this.database.manager.query(
      `UPDATE runs SET lease_expires_at = now() + $3 * interval '1 millisecond'
       WHERE id = $1 AND lease_owner = $2 AND status IN ('in_progress', 'cancelling') RETURNING status`,
      [id, owner, leaseMs],
    );
    return firstRow<{ status: RunStatus }>(rows)?.status ?? null;
  }

  /** Locks the run's row, so that no other claim comes between this check and the caller's writing. */
  async holdsLease(scope: TenantScope, id: string, owner: string): Promise<boolean> {
    const run = await this.database.manager.findOne(RunEntity, {
      select: { id: true, leaseOwner: true },
      where: { id, projectId: scope.projectId },
      lock: { mode: 'pessimistic_write' },
    });
    return run?.leaseOwner === owner;
  }

  /** Gives the lease back so that another worker takes the run at once. */
  async releaseLease(id: string, owner: string): Promise<void> {
    await this.database.manager.query(
      `UPDATE runs SET lease_owner = NULL, lease_expires_at = NULL WHERE id = $1 AND lease_owner = $2`,
      [id, owner],
    );
  }

  /** Active runs that nobody works on: to be queued again, cancelled or expired. Across tenants, for the reaper only. */
  async findStrays(limit: number): Promise<StrayRun[]> {
    return this.database.manager.query(
      `SELECT id, project_id AS "projectId", status, coalesce(expires_at < now(), false) AS expired FROM runs
       WHERE status IN ('queued', 'in_progress', 'requires_action', 'cancelling')
         AND (lease_expires_at IS NULL OR lease_expires_at < now())
         AND (status <> 'requires_action' OR expires_at < now())
       ORDER BY sequence LIMIT $1`,
      [limit],
    );
  }

  /** On the embedded database every lease is one of this process's predecessors: at start all are void. */
  async voidAllLeases(): Promise<void> {
    await this.database.manager.query(
      `UPDATE runs SET lease_owner = NULL, lease_expires_at = NULL
       WHERE status IN ('queued', 'in_progress', 'cancelling') AND lease_owner IS NOT NULL`,
    );
  }
}

/** A run that waits again belongs to nobody, and its next claim is a first one. */
function workOf(to: RunStatus): Partial<Pick<RunEntity, 'leaseOwner' | 'leaseExpiresAt' | 'claims'>> {
  return to === 'queued' ? { leaseOwner: null, leaseExpiresAt: null, claims: 0 } : {};
}

/** The fields of a run that change after its creation. */
function changeableFields(fields: Partial<RunRecord>): Partial<RunRecord> {
  const { requiredCalls, lastError, incompleteReason, expiresAt, cancelledAt, failedAt, completedAt, usage } = fields;
  const changed = { requiredCalls, lastError, incompleteReason, expiresAt, cancelledAt, failedAt, completedAt, usage };
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
}

/** TypeORM gives `[rows, count]` for an UPDATE with RETURNING. */
function firstRow<Row>(result: unknown): Row | undefined {
  const [first] = Array.isArray(result) ? (result as unknown[]) : [];
  return (Array.isArray(first) ? first[0] : first) as Row | undefined;
}
