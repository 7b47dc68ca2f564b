import { Injectable } from '@nestjs/common';
import type { RunStatus } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { RunEntity } from './entities/run.entity.js';
import { isTerminal, statusesBefore } from './run-state.js';
import type { RunRecord } from './runs.types.js';

/** A run and whose it is, as the reaper finds it. */
export interface StrayRun {
  id: string;
  projectId: string;
  status: RunStatus;
  expired: boolean;
  leaseOwner: string | null;
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
    const statuses = statusesBefore(to).map((status) => `'${status}'`);
    return this.rowOf(
      this.statements.update(
        { id, projectId: scope.projectId },
        { ...changeableFields(fields), status: to },
        { set: workAfter(to), where: `status IN (${statuses.join(', ')})` },
      ),
    );
  }

  /**
   * Takes the lease of a run that waits, or whose worker is gone. Null where it is not to be had. Workers know no
   * tenant before: the job names the run only.
   */
  async claim(id: string, owner: string, leaseMs: number): Promise<RunEntity | null> {
    const sql = `UPDATE runs SET status = 'in_progress', lease_owner = $2, claims = claims + 1,
         lease_expires_at = now() + $3 * interval '1 millisecond', started_at = now()
       WHERE id = $1 AND (expires_at IS NULL OR expires_at > now())
         AND (status = 'queued' OR (status = 'in_progress' AND (${IDLE})))
       RETURNING ${this.statements.selected}`;
    return this.rowOf({ name: 'claim-run', sql, values: [id, owner, leaseMs] });
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

  /**
   * Locks the run's row, so that no other claim comes between this check and the caller's writing, and pins its thread.
   * That first, as everybody does: its deletion takes the run's row after its own.
   */
  async holdsLease(scope: TenantScope, id: string, owner: string): Promise<boolean> {
    const sql = `SELECT 1 AS held FROM threads JOIN runs ON runs.thread_id = threads.id
       WHERE runs.id = $1 AND runs.project_id = $2 AND threads.project_id = $2
         AND runs.lease_owner = $3 AND runs.status IN ('in_progress', 'cancelling')
       FOR KEY SHARE OF threads FOR UPDATE OF runs`;
    return (await this.rowsOf({ name: 'holds-run', sql, values: [id, scope.projectId, owner] })).length > 0;
  }

  /** Locks the run's row if no worker holds the run; null if one does. */
  async lockIdle(scope: TenantScope, id: string): Promise<RunEntity | null> {
    const sql = `SELECT ${this.statements.selected} FROM runs
       WHERE id = $1 AND project_id = $2 AND (${IDLE}) FOR UPDATE`;
    return this.rowOf({ name: 'lock-idle-run', sql, values: [id, scope.projectId] });
  }

  /**
   * Gives the lease back so that another worker takes the run at once. A run that waits for its client keeps it until
   * that was told. Gives the run's status; null: the lease was no longer this owner's.
   */
  async releaseLease(id: string, owner: string): Promise<RunStatus | null> {
    const rows: unknown = await this.database.manager.query(
      `UPDATE runs SET lease_owner = NULL, lease_expires_at = NULL
       WHERE id = $1 AND lease_owner = $2 AND status <> 'requires_action' RETURNING status`,
      [id, owner],
    );
    return firstRow<{ status: RunStatus }>(rows)?.status ?? null;
  }

  /** Whether the run waits for its client and still had this lease. */
  async releaseWaiting(id: string, owner: string): Promise<boolean> {
    const rows: unknown = await this.database.manager.query(
      `UPDATE runs SET lease_owner = NULL, lease_expires_at = NULL
       WHERE id = $1 AND lease_owner = $2 AND status = 'requires_action' RETURNING id`,
      [id, owner],
    );
    return firstRow(rows) !== undefined;
  }

  /** Of any tenant: workers know none before they have claimed. */
  exists(id: string): Promise<boolean> {
    return this.database.manager.existsBy(RunEntity, { id });
  }

  /**
   * Active runs that nobody works on: to be queued again, cancelled or expired. Across tenants, for the reaper only.
   * Those that only wait for their turn come last: however many they are, the others are found.
   */
  async findStrays(limit: number): Promise<StrayRun[]> {
    return this.database.manager.query(
      `SELECT id, project_id AS "projectId", status, lease_owner AS "leaseOwner",
         coalesce(expires_at < now(), false) AS expired FROM runs
       WHERE status IN ('queued', 'in_progress', 'requires_action', 'cancelling') AND (${IDLE})
         AND (status <> 'requires_action' OR lease_owner IS NOT NULL OR expires_at < now())
       ORDER BY status = 'queued' AND coalesce(expires_at > now(), true), sequence LIMIT $1`,
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

const IDLE = 'lease_expires_at IS NULL OR lease_expires_at < now()';

const NO_LEASE = 'lease_owner = NULL, lease_expires_at = NULL';

/** What becomes of a run's lease and claims with its status. */
function workAfter(to: RunStatus): string | undefined {
  if (isTerminal(to)) return NO_LEASE;
  // It belongs to nobody, and its next claim is a first one.
  if (to === 'queued') return `${NO_LEASE}, claims = 0`;
  // Nobody works on a run that waits for its client.
  if (to === 'cancelling') return `${unlessWaiting('lease_owner')}, ${unlessWaiting('lease_expires_at')}`;
  // Held further by its worker; in requires_action until that was told.
  return undefined;
}

function unlessWaiting(column: string): string {
  return `${column} = CASE WHEN status = 'requires_action' THEN NULL ELSE ${column} END`;
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
