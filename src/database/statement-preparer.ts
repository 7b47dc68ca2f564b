import type { PoolClient, QueryResultRow } from 'pg';

/** Asks with named statements, which are planned once a connection. */
export class StatementPreparer {
  private readonly connections = new WeakMap<PoolClient, number>();
  private connected = 0;

  async query<Row>(connection: PoolClient, name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    const named = { name: `${name}-${this.numberOf(connection)}`, text, values: [...values] };
    const { rows } = await connection.query<QueryResultRow>(named);
    return rows as Row[];
  }

  /**
   * The embedded database has one session for all connections that come one after another: a later one must not name its
   * statements as an earlier one did.
   */
  private numberOf(connection: PoolClient): number {
    const known = this.connections.get(connection);
    if (known !== undefined) return known;
    this.connected += 1;
    this.connections.set(connection, this.connected);
    return this.connected;
  }
}
