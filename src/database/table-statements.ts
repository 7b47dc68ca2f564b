import type { EntityMetadata, ObjectLiteral } from 'typeorm';

type Column = EntityMetadata['columns'][number];

/** A statement as `Database.prepared` takes it. */
export interface Statement {
  name: string;
  sql: string;
  values: unknown[];
}

/** Properties of an entity and their values. */
type Values = Readonly<Record<string, unknown>>;

/** SQL, each of few texts. */
interface Further {
  /** More that is set. */
  set?: string | undefined;
  /** More that must hold of the row. */
  where?: string | undefined;
}

/** What parameters stand for: some properties of some values. */
type Part = readonly [keys: readonly string[], values: Values];

const known = new WeakMap<EntityMetadata, TableStatements>();

/** Those of an entity's table, which all its repositories share. */
export function statementsOf(metadata: EntityMetadata): TableStatements {
  let statements = known.get(metadata);
  if (statements === undefined) known.set(metadata, (statements = new TableStatements(metadata)));
  return statements;
}

/**
 * The statements that everything does with rows of one table. Each text is made once: TypeORM's builders make theirs anew
 * for every query, which takes longer than to send it, and an update with them does not give the row as it is afterwards.
 */
export class TableStatements {
  private readonly prepared = new Map<string, { name: string; sql: string }>();
  private readonly columns: ReadonlyMap<string, Column>;
  private readonly table: string;
  /** For `SELECT` and `RETURNING`. */
  readonly selected: string;

  constructor(private readonly metadata: EntityMetadata) {
    this.columns = new Map(metadata.columns.map((column) => [column.propertyName, column]));
    this.table = quoted(metadata.tableName);
    this.selected = namesOf(metadata.columns.filter(({ isSelect }) => isSelect));
  }

  /** Gives what the database filled in. Properties that are undefined are left to it. */
  insert(values: Values): Statement {
    const given = Object.keys(values).filter((key) => values[key] !== undefined);
    return this.statement('insert', [[given, values]], ([columns = []]) => {
      const rest = this.metadata.columns.filter((column) => column.isSelect && !columns.includes(column));
      const places = columns.map((_column, index) => `$${index + 1}`).join(', ');
      const returned = rest.length > 0 ? namesOf(rest) : '1';
      return `INSERT INTO ${this.table} (${namesOf(columns)}) VALUES (${places}) RETURNING ${returned}`;
    });
  }

  find(where: Values): Statement {
    return this.findBy('find', where, '');
  }

  /** Holds the row until the transaction ends. */
  lock(where: Values): Statement {
    return this.findBy('lock', where, ' FOR UPDATE');
  }

  /** In the order in which they came, or the newest first. */
  listed(where: Values, order: 'ASC' | 'DESC', limit?: number): Statement {
    const isLimited = limit !== undefined;
    const { values, ...text } = this.statement(
      `listed ${order} ${isLimited}`,
      [[Object.keys(where), where]],
      ([keys = []]) =>
        `SELECT ${this.selected} FROM ${this.table} WHERE ${equations(keys, 0).join(' AND ')} ` +
        `ORDER BY "sequence" ${order}${isLimited ? ` LIMIT $${keys.length + 1}` : ''}`,
    );
    return { ...text, values: isLimited ? [...values, limit] : values };
  }

  /** Gives the row as it is afterwards. */
  update(where: Values, values: Values, further: Further = {}): Statement {
    return this.updateBy('update', where, values, { ...further, returned: this.selected });
  }

  /** Gives a row where there was one, with nothing in it that would have to be read. */
  change(where: Values, values: Values, further: Further = {}): Statement {
    return this.updateBy('change', where, values, { ...further, returned: '1 AS found' });
  }

  /** The entity of a row; what is not in the row is taken from `others`. */
  toEntity<Entity extends ObjectLiteral>(row: ObjectLiteral, others: Values = {}): Entity {
    const { driver } = this.metadata.dataSource;
    const entity = this.metadata.create() as Record<string, unknown>;
    for (const column of this.columns.values()) {
      const value = row[column.databaseName] as unknown;
      const property =
        value === undefined ? others[column.propertyName] : (driver.prepareHydratedValue(value, column) as unknown);
      if (property !== undefined) entity[column.propertyName] = property;
    }
    return entity as Entity;
  }

  private findBy(kind: string, where: Values, suffix: string): Statement {
    return this.statement(kind, [[Object.keys(where), where]], ([keys = []]) => {
      return `SELECT ${this.selected} FROM ${this.table} WHERE ${equations(keys, 0).join(' AND ')}${suffix}`;
    });
  }

  private updateBy(kind: string, where: Values, values: Values, further: Further & { returned: string }): Statement {
    const changed = Object.keys(values).filter((key) => values[key] !== undefined);
    const parts: Part[] = [
      [Object.keys(where), where],
      [changed, values],
    ];
    return this.statement(`${kind} ${further.set} ${further.where}`, parts, ([keys = [], columns = []]) => {
      const assignments = [...equations(columns, keys.length), ...(further.set ? [further.set] : [])];
      const conditions = [...equations(keys, 0), ...(further.where ? [further.where] : [])];
      return (
        `UPDATE ${this.table} SET ${assignments.join(', ')} WHERE ${conditions.join(' AND ')} ` +
        `RETURNING ${further.returned}`
      );
    });
  }

  private statement(
    kind: string,
    parts: readonly Part[],
    makeText: (columns: readonly Column[][]) => string,
  ): Statement {
    const { driver } = this.metadata.dataSource;
    const shape = `${kind}: ${parts.map(([keys]) => keys.join()).join(': ')}`;
    const columns = parts.map(([keys]) => keys.map((key) => this.columnOf(key)));
    let text = this.prepared.get(shape);
    if (text === undefined) {
      text = { name: `${this.metadata.tableName}-${this.prepared.size}`, sql: makeText(columns) };
      this.prepared.set(shape, text);
    }
    const values = parts.flatMap(([, part], index) =>
      (columns[index] ?? []).map(
        (column) => driver.preparePersistentValue(part[column.propertyName], column) as unknown,
      ),
    );
    return { ...text, values };
  }

  private columnOf(property: string): Column {
    const column = this.columns.get(property);
    if (column === undefined) throw new Error(`The table ${this.metadata.tableName} has no property '${property}'.`);
    return column;
  }
}

function quoted(name: string): string {
  return `"${name}"`;
}

function namesOf(columns: readonly Column[]): string {
  return columns.map(({ databaseName }) => quoted(databaseName)).join(', ');
}

function equations(columns: readonly Column[], offset: number): string[] {
  return columns.map(({ databaseName }, index) => `${quoted(databaseName)} = $${offset + index + 1}`);
}
