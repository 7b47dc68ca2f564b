import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { EntityClass } from './data-source.js';

const MODULES = new URL('../modules/', import.meta.url);
const ENTITY_FILE = /\.entity\.(ts|js)$/;

/** The entities of every module, or of the named ones, for tools that run outside the application. */
export async function loadEntities(only?: readonly string[]): Promise<EntityClass[]> {
  if (!existsSync(MODULES)) return [];
  const modules = only ?? (await readdir(MODULES));
  const loaded = await Promise.all(modules.map((name) => loadFolder(new URL(`${name}/entities/`, MODULES))));
  return loaded.flat();
}

async function loadFolder(folder: URL): Promise<EntityClass[]> {
  if (!existsSync(folder)) return [];
  const files = (await readdir(folder)).filter((name) => ENTITY_FILE.test(name)).sort();
  const loaded = await Promise.all(
    files.map(async (file) => {
      const exported = (await import(new URL(file, folder).href)) as Record<string, unknown>;
      return Object.values(exported).filter((value): value is EntityClass => typeof value === 'function');
    }),
  );
  return loaded.flat();
}
