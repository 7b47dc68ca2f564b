import type { EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { TenantScope } from '../common/principal.js';
import type { TenantEntity } from './columns.js';
import type { Database } from './database.js';
import { paginate, type Page } from './pagination.js';
import { statementsOf, type Statement, type TableStatements } from './table-statements.js';
import { forget } from './tombstones.js';

/** What the wire's list queries name; whatever is absent has its default. */
export interface ListRequest {
  limit?: number | undefined;
  order?: 'asc' | 'desc' | undefined;
  after?: string | undefined;
  before?: string | undefined;
}

const DEFAULT_LIMIT = 20;

/** The properties that narrow a list and never change, such as `{ threadId }`. */
type Place<Entity> = Partial<Record<keyof Entity & string, string>>;

/** What else narrows a list: it may change while a client goes through it. */
type Filter<Entity> = Partial<Record<keyof Entity & string, string | boolean>>;

/** Postgres refuses a text with a NUL character with an error of its own; an object of such an id there is none. */
function isPossible(id: string, place: Readonly<Record<string, string | undefined>> = {}): boolean {
  return ![id, ...Object.values(place)].some((text) => text?.includes('\0'));
}

/** Every query of a tenant's table, each within the tenant. There is no finder without a scope. */
export abstract class TenantRepository<Entity extends TenantEntity> {
  /** @param placeKeys the properties by which lists of this table are narrowed; kept for cursors of deleted objects */
  protected constructor(
    protected readonly database: Database,
    private readonly entity: EntityTarget<Entity>,
    private readonly placeKeys: readonly (keyof Entity & string)[] = [],
  ) {}

  async insert(
    scope: TenantScope,
    values: Omit<Entity, 'projectId' | 'sequence' | 'createdAt'> & { createdAt?: Date },
  ): Promise<Entity> {
    const row = { ...values, projectId: scope.projectId };
    const [filledIn = {}] = await this.rowsOf(this.statements.insert(row));
    return this.statements.toEntity(filledIn, row);
  }

  async find(scope: TenantScope, id: string, place: Place<Entity> = {}): Promise<Entity | null> {
    if (!isPossible(id, place)) return null;
    return this.rowOf(this.statements.find({ id, projectId: scope.projectId, ...place }));
  }

  /** The same, holding the row until the caller's transaction ends, so that nobody changes it meanwhile. */
  async lock(scope: TenantScope, id: string, place: Place<Entity> = {}): Promise<Entity | null> {
    if (!isPossible(id, place)) return null;
    return this.rowOf(this.statements.lock({ id, projectId: scope.projectId, ...place }));
  }

  list(
    scope: TenantScope,
    request: ListRequest,
    place: Place<Entity> = {},
    filter: Filter<Entity> = {},
  ): Promise<Page<Entity>> {
    const query = this.database.manager
      .createQueryBuilder(this.entity, 'object')
      .where(this.where(scope, { ...place, ...filter }));
    return paginate(
      query,
      {
        limit: request.limit ?? DEFAULT_LIMIT,
        order: request.order ?? 'desc',
        ...(request.after === undefined ? {} : { after: request.after }),
        ...(request.before === undefined ? {} : { before: request.before }),
      },
      { projectId: scope.projectId, ...place },
    );
  }

  /** The object as it is afterwards; null if there is none. */
  async update(scope: TenantScope, id: string, values: Partial<Entity>): Promise<Entity | null> {
    if (!isPossible(id)) return null;
    if (Object.values(values).every((value) => value === undefined)) return this.find(scope, id);
    return this.rowOf(this.statements.update({ id, projectId: scope.projectId }, values));
  }

  /** For who does not ask how the object is afterwards. Whether there was one. */
  async change(scope: TenantScope, id: string, values: Partial<Entity>): Promise<boolean> {
    if (!isPossible(id)) return false;
    const rows = await this.rowsOf(this.statements.change({ id, projectId: scope.projectId }, values));
    return rows.length > 0;
  }

  /** Whether there was one to delete. Its place in the lists is kept for those who are in the middle of one. */
  remove(scope: TenantScope, id: string): Promise<boolean> {
    return this.database.transaction(async () => {
      const row = await this.find(scope, id);
      if (!row) return false;
      await forget(this.database.manager, this.entity, [row], this.placeKeys);
      const { affected } = await this.database.manager.delete(this.entity, this.where(scope, { id }));
      return (affected ?? 0) > 0;
    });
  }

  protected get statements(): TableStatements {
    return statementsOf(this.database.manager.dataSource.getMetadata(this.entity));
  }

  /** The rows of one of this table's statements. */
  protected rowsOf({ name, sql, values }: Statement): Promise<ObjectLiteral[]> {
    return this.database.prepared(name, sql, values);
  }

  /** All rows of a place at once: for few, or with a limit. */
  protected async listed(
    scope: TenantScope,
    where: Readonly<Partial<Entity>>,
    order: 'ASC' | 'DESC',
    limit?: number,
  ): Promise<Entity[]> {
    const rows = await this.rowsOf(this.statements.listed({ projectId: scope.projectId, ...where }, order, limit));
    return rows.map((row) => this.statements.toEntity(row));
  }

  protected async rowOf(statement: Statement): Promise<Entity | null> {
    const [row] = await this.rowsOf(statement);
    return row === undefined ? null : this.statements.toEntity(row);
  }

  private where(scope: TenantScope, filter: Record<string, string | boolean | undefined>): FindOptionsWhere<Entity> {
    return { ...filter, projectId: scope.projectId } as FindOptionsWhere<Entity>;
  }
}
