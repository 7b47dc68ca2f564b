import type { Attributes } from '@libs/retrieval';
import type { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { VectorStoreFileEntity } from './entities/vector-store-file.entity.js';

/** A kind of work on files of stores: which columns of a file tell of it. */
export interface LeasedWork {
  /** Whose lease it is; NULL where nobody has it. */
  owner: string;
  /** Until when the lease holds. */
  until: string;
  /** How often somebody has taken it. */
  tries: string;
  /** The condition on a file of which it is to be done, or is being done. */
  isOpen: string;
  /** The condition, beside that, on a file that a worker may take now. */
  isDue: string;
  /** What else is set when a worker takes a file. */
  atStart?: string;
}

/**
 * Files in stores as the workers of one kind of work see them. Times are the database's own, so that clocks of several
 * processes need not agree. Every change but the claim demands its lease: it is refused once another worker, or a cancel,
 * has the file.
 */
export abstract class LeasedFilesRepository extends TenantRepository<VectorStoreFileEntity> {
  protected constructor(
    database: Database,
    private readonly work: LeasedWork,
  ) {
    super(database, VectorStoreFileEntity);
  }

  /** Takes the lease of the file whose turn it is, of any tenant. Null where nothing is to be done. */
  async claimNext(owner: string, leaseMs: number): Promise<{ id: string; projectId: string } | null> {
    const { work } = this;
    return firstOf(
      await this.database.manager.query(
        `UPDATE vector_store_files SET ${work.owner} = $1, ${work.tries} = ${work.tries} + 1,
           ${work.until} = now() + $2 * interval '1 millisecond'${work.atStart ? `, ${work.atStart}` : ''}
         WHERE id = (SELECT id FROM vector_store_files WHERE ${work.isOpen} AND ${work.isDue}
                     ORDER BY turn, sequence LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id, project_id AS "projectId"`,
        [owner, leaseMs],
      ),
    );
  }

  /** How many wait for a worker, counted up to the limit. */
  async countWaiting(limit: number): Promise<number> {
    const { isOpen, isDue } = this.work;
    const rows: { waiting: number }[] = await this.database.manager.query(
      `SELECT count(*)::int AS waiting
       FROM (SELECT 1 FROM vector_store_files WHERE ${isOpen} AND ${isDue} LIMIT $1) AS found`,
      [limit],
    );
    return rows[0]?.waiting ?? 0;
  }

  async heartbeat(id: string, owner: string, leaseMs: number): Promise<boolean> {
    const assignment = `${this.work.until} = now() + $3 * interval '1 millisecond'`;
    return (await this.changeHeld(id, owner, assignment, leaseMs)) !== null;
  }

  /**
   * Changes a file of which the owner has the lease.
   * @param assignments with the values as $3 and on
   * @returns its attributes as they are now; null: refused
   */
  protected async changeHeld(
    id: string,
    owner: string,
    assignments: string,
    ...values: unknown[]
  ): Promise<Attributes | null> {
    const { owner: column, isOpen } = this.work;
    const result: unknown = await this.database.manager.query(
      `UPDATE vector_store_files SET ${assignments} WHERE id = $1 AND ${column} = $2 AND ${isOpen} RETURNING attributes`,
      [id, owner, ...values],
    );
    return firstOf<{ attributes: Attributes }>(result)?.attributes ?? null;
  }
}

/** TypeORM gives `[rows, count]` for an UPDATE with RETURNING. */
function firstOf<Row>(result: unknown): Row | null {
  const [rows] = result as [Row[], number];
  return rows[0] ?? null;
}
