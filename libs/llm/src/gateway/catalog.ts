import type { ModelSettings } from '../ports/model-settings.js';
import type { Site } from '../routing/site.js';
import type { Target } from '../routing/target.js';
import type { Catalog } from './model-directory.js';

/** What the administrator said about a model. */
export interface CatalogEntry {
  /** As clients name it. */
  name: string;
  /** Empty: on the servers that list the name. */
  targets: readonly { server: string; model: string; priority?: number | undefined; weight?: number | undefined }[];
  settings: ModelSettings;
}

/** Throws an Error for a server that is not there. */
export function catalogOf(entries: readonly CatalogEntry[], sites: readonly Site[]): Catalog {
  const placed = entries.filter(({ targets }) => targets.length > 0);
  return new Map(placed.map(({ name, targets }) => [name, targets.map((target) => toTarget(target, sites))]));
}

export function settingsOf(entries: readonly CatalogEntry[]): ReadonlyMap<string, ModelSettings> {
  return new Map(entries.map(({ name, settings }) => [name, settings]));
}

function toTarget(
  { server, model, priority, weight }: CatalogEntry['targets'][number],
  sites: readonly Site[],
): Target {
  const site = sites.find((each) => each.server.name === server);
  if (!site) throw new Error(`There is no model server ${server}.`);
  return { site, model, priority: priority ?? site.priority, weight: weight ?? site.weight };
}
