import type { EntityManager } from 'typeorm';

export interface DatabaseHealth {
  status: 'ok' | 'down';
  engine: 'embedded' | 'server';
  reason?: string;
}

/**
 * The one door to SQL. `manager` is the running transaction's manager inside `transaction`, also
 * across awaits, and the pool's outside: so a repository cannot deadlock the embedded database's single
 * connection by asking for a second one.
 */
export abstract class Database {
  abstract get manager(): EntityManager;
  /**
   * The rows of a statement that is asked very often, past TypeORM: what an UPDATE returns, too. The embedded database
   * plans it once: that takes it as long as the statement itself. A server, behind which may be a pooler, plans it each
   * time.
   *
   * @param name of this text, and of no other
   */
  abstract prepared<Row>(name: string, sql: string, values: readonly unknown[]): Promise<Row[]>;
  /** Runs the work in one transaction; nested calls join the running one. */
  abstract transaction<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Does something once the running transaction is committed, and outside it; at once where none is running. Not where
   * it is taken back. A failure is the work's own to report.
   */
  abstract afterCommit(work: () => void): void;
  /**
   * Does work outside any transaction that only one process may do at a time, of all that share the database.
   *
   * @param name of the work
   * @returns whether it was done; false: another process is at it
   */
  abstract exclusively(name: string, work: () => Promise<void>): Promise<boolean>;
  abstract health(): Promise<DatabaseHealth>;
}
