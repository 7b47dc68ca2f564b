import { readdir } from 'node:fs/promises';
import type { MigrationInterface } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;

/** Milliseconds since 1970 and an area, as in `1700000000000-files.ts`. */
const MIGRATION_FILE = /^\d{13}-[a-z0-9-]+\.(ts|js)$/;
const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Every migration of the folder, oldest first. Imported here and not by a glob of TypeORM, whose own import works
 * neither from TypeScript sources under Jest nor under tsx.
 */
export async function loadMigrations(): Promise<MigrationClass[]> {
  const files = (await readdir(FOLDER)).filter((name) => MIGRATION_FILE.test(name)).sort();
  const loaded = await Promise.all(
    files.map(async (file) => {
      const exported = (await import(new URL(file, FOLDER).href)) as Record<string, unknown>;
      return Object.values(exported).filter(isMigrationClass);
    }),
  );
  return loaded.flat();
}

function isMigrationClass(value: unknown): value is MigrationClass {
  return typeof value === 'function' && typeof (value.prototype as Partial<MigrationInterface>).up === 'function';
}
