import type { SelectQueryBuilder } from 'typeorm';
import { invalidRequest } from '@libs/openai-wire';
import type { TenantEntity } from './columns.js';
import { DeletedObject, type ListScope } from './deleted-object.entity.js';

/** What a list asks for. Cursors are ids, exclusive (openai-wire.md section 4.4). */
export interface PageRequest {
  /** At least 1. */
  limit: number;
  order: 'asc' | 'desc';
  after?: string;
  before?: string;
  /** The row's id of a cursor, where the two differ. */
  rowIdOf?: (cursor: string) => string;
}

export interface Page<Item> {
  items: Item[];
  /** Whether more follow in the direction of paging: after the last item, or with `before` alone, before the first. */
  hasMore: boolean;
}

/**
 * The place of a list: its tenant, and the keys that never change by which it is narrowed, such as
 * `{ projectId, threadId }`. Cursors resolve only in there. What may change (a status) belongs into the query alone, or
 * an object whose status changes would stop being a cursor.
 */
export type PagePlace = { projectId: string } & ListScope;

/**
 * One page of a query whose filters are already set (the tenant's among them), in order of insertion. Objects deleted
 * while a client goes through the list still work as cursors, see `forget`.
 * Throws 400 for a cursor that is unknown, or another tenant's: the two look the same.
 */
export async function paginate<Entity extends TenantEntity>(
  query: SelectQueryBuilder<Entity>,
  request: PageRequest,
  place: PagePlace,
): Promise<Page<Entity>> {
  const after = await resolveCursor(query, 'after', request, place);
  const before = await resolveCursor(query, 'before', request, place);
  // Without `after`, `before` asks for the items right in front of it: read backwards from there, then turn round.
  const backwards = before !== undefined && after === undefined;
  const ascending = (request.order === 'asc') !== backwards;
  const sequence = `${query.alias}.sequence`;
  const [later, earlier] = request.order === 'asc' ? ['>', '<'] : ['<', '>'];
  const page = query.clone().orderBy(sequence, ascending ? 'ASC' : 'DESC');
  if (after !== undefined) page.andWhere(`${sequence} ${later} :afterSequence`, { afterSequence: after });
  if (before !== undefined) page.andWhere(`${sequence} ${earlier} :beforeSequence`, { beforeSequence: before });
  const found = await page.take(request.limit + 1).getMany();
  const items = found.slice(0, request.limit);
  return { items: backwards ? items.reverse() : items, hasMore: found.length > request.limit };
}

async function resolveCursor<Entity extends TenantEntity>(
  query: SelectQueryBuilder<Entity>,
  name: 'after' | 'before',
  request: PageRequest,
  place: PagePlace,
): Promise<string | undefined> {
  const { [name]: id, rowIdOf = (cursor) => cursor } = request;
  if (id === undefined) return undefined;
  // Postgres refuses a text with a NUL character with an error of its own.
  const sequence = id.includes('\0') ? undefined : await findSequence(query, rowIdOf(id), place);
  if (sequence === undefined) {
    throw invalidRequest(`Invalid '${name}': no object found with id '${id}'.`, name, 'invalid_value');
  }
  return sequence;
}

/** Asks through builders of the query's own, which use its transaction, if it has one. */
async function findSequence<Entity extends TenantEntity>(
  query: SelectQueryBuilder<Entity>,
  id: string,
  { projectId, ...scope }: PagePlace,
): Promise<string | undefined> {
  const metadata = query.expressionMap.mainAlias?.metadata;
  if (metadata === undefined) throw new Error('paginate needs a query over an entity.');
  const living = await query
    .createQueryBuilder()
    .select('object.sequence', 'sequence')
    .from(metadata.target, 'object')
    .where({ ...scope, id, projectId })
    .getRawOne<{ sequence: string }>();
  if (living !== undefined) return living.sequence;
  const deleted = await query
    .createQueryBuilder()
    .select('object.sequence', 'sequence')
    .from(DeletedObject, 'object')
    .where({ id, projectId, tableName: metadata.tableName })
    .andWhere('object.scope @> :scope::jsonb', { scope: JSON.stringify(scope) })
    .getRawOne<{ sequence: string }>();
  return deleted?.sequence;
}
