import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolClient, QueryResultRow } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { errorMessage, sleep } from '@libs/kernel';
import { Database, type DatabaseHealth } from './database.js';
import { StatementPreparer } from './statement-preparer.js';

const HEALTH_PATIENCE_MS = 3000;
/** Any number that no other advisory locks of this database have: 'excl' in ASCII. */
const EXCLUSIVE_WORK = 0x6578636c;

interface RunningTransaction {
  manager: EntityManager;
  afterwards: (() => void)[];
}

export class TypeOrmDatabase extends Database {
  private readonly preparer = new StatementPreparer();
  private readonly running = new AsyncLocalStorage<RunningTransaction>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: DatabaseHealth['engine'],
  ) {
    super();
  }

  override get manager(): EntityManager {
    return this.running.getStore()?.manager ?? this.dataSource.manager;
  }

  override async prepared<Row>(name: string, sql: string, values: readonly unknown[]): Promise<Row[]> {
    const running = this.manager.queryRunner;
    const runner = running ?? this.dataSource.createQueryRunner();
    try {
      const connection = (await runner.connect()) as PoolClient;
      if (this.engine === 'embedded') return await this.preparer.query<Row>(connection, name, sql, values);
      const { rows } = await connection.query<QueryResultRow>(sql, [...values]);
      return rows as Row[];
    } finally {
      if (running === undefined) await runner.release();
    }
  }

  override async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running.getStore() !== undefined) return work();
    const afterwards: (() => void)[] = [];
    const result = await this.dataSource.transaction((manager) => this.running.run({ manager, afterwards }, work));
    for (const waiting of afterwards) waiting();
    return result;
  }

  override afterCommit(work: () => void): void {
    const transaction = this.running.getStore();
    if (transaction === undefined) work();
    else transaction.afterwards.push(work);
  }

  override async exclusively(name: string, work: () => Promise<void>): Promise<boolean> {
    // The embedded database has one process. The only connection there is cannot keep a lock while the work needs it.
    if (this.engine === 'embedded' || this.dataSource.options.poolSize === 1) {
      await work();
      return true;
    }
    const runner = this.dataSource.createQueryRunner();
    try {
      // A transaction's lock, since a session's would stay behind in a pooler's connection. Between statements it keeps
      // no snapshot, so that no VACUUM and no CREATE INDEX CONCURRENTLY waits for it.
      await runner.startTransaction();
      const [row] = (await runner.query('SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS taken', [
        EXCLUSIVE_WORK,
        name,
      ])) as { taken: boolean }[];
      if (row?.taken !== true) return false;
      await work();
      return true;
    } finally {
      // Lost with its connection, perhaps; the lock is free then, too.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  }

  override async health(): Promise<DatabaseHealth> {
    const patience = new AbortController();
    const slow = sleep(HEALTH_PATIENCE_MS, patience.signal).then(() => {
      throw new Error(`no answer within ${HEALTH_PATIENCE_MS} ms`);
    });
    const answer = this.manager.query('SELECT 1');
    try {
      await Promise.race([answer, slow]);
      return { status: 'ok', engine: this.engine };
    } catch (error) {
      return { status: 'down', engine: this.engine, reason: errorMessage(error) };
    } finally {
      // Whichever came second must not end as an unhandled rejection.
      slow.catch(() => undefined);
      answer.catch(() => undefined);
      patience.abort();
    }
  }
}
