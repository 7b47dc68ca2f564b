import { readCatalog, type CatalogModel } from './catalog.js';
import type { Fields } from './fields.js';
import { readServer, type FileServer } from './servers.js';

/** The section `models`: servers, and what is known of models. */
export interface ModelsSection {
  readonly servers: readonly FileServer[];
  readonly catalog: readonly CatalogModel[];
}

export const NO_MODELS: ModelsSection = { servers: [], catalog: [] };

export function readModelsSection(fields: Fields): ModelsSection {
  const servers = fields.entries('servers').map(([name, each]) => readServer(name, each));
  const names = new Set(servers.map(({ name }) => name));
  const catalog = fields.entries('catalog').map(([name, each]) => readCatalog(name, each, names));
  fields.end();
  return { servers, catalog };
}
