import { LessThan, type EntityManager, type EntityTarget } from 'typeorm';
import type { TenantEntity } from './columns.js';
import { DeletedObject } from './deleted-object.entity.js';

/** How long a deleted object still works as a cursor. */
export const TOMBSTONE_LIFE_MS = 24 * 60 * 60 * 1000;

/** Rows of one INSERT; Postgres takes at most 65,535 parameters in a statement. */
const ROWS_PER_INSERT = 1000;

/** A file that came into a store again and is taken out of it again has another place now. */
const PLACE = ['scope', 'sequence', 'deleted_at'];

/**
 * Remembers the places of objects that are being deleted, in the caller's transaction. `scopeKeys` are the properties
 * that any of their lists names as its place besides the project, such as `['threadId']`.
 */
export async function forget<Entity extends TenantEntity>(
  manager: EntityManager,
  target: EntityTarget<Entity>,
  rows: readonly Entity[],
  scopeKeys: readonly (keyof Entity & string)[] = [],
): Promise<void> {
  const { tableName } = manager.connection.getMetadata(target);
  const tombstones = rows.map((row) => ({
    id: row.id,
    projectId: row.projectId,
    tableName,
    scope: Object.fromEntries(scopeKeys.map((key) => [key, String(row[key])])),
    sequence: row.sequence,
  }));
  for (let start = 0; start < tombstones.length; start += ROWS_PER_INSERT) {
    const part = tombstones.slice(start, start + ROWS_PER_INSERT);
    await manager.createQueryBuilder().insert().into(DeletedObject).values(part).orUpdate(PLACE, ['id']).execute();
  }
}

/** Removes what is too old to be a cursor. Housekeeping calls it now and then. Gives how many were removed. */
export async function pruneTombstones(manager: EntityManager, now: Date): Promise<number> {
  const { affected } = await manager.delete(DeletedObject, {
    deletedAt: LessThan(new Date(now.getTime() - TOMBSTONE_LIFE_MS)),
  });
  return affected ?? 0;
}
