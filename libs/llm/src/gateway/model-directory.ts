import { errorMessage } from '@libs/kernel';
import { ModelError } from '../ports/model-error.js';
import type { ModelInfo } from '../ports/model-server.js';
import type { Site } from '../routing/site.js';
import type { Target } from '../routing/target.js';

/** What one server answered to the question for its models. */
export type Listing = { site: Site; models: ModelInfo[] } | { site: Site; error: unknown };

/** Which models there are, and where. */
export interface Directory {
  /** Models of the servers that answered, in the servers' order; those of the catalog first. */
  models: ModelInfo[];
  /** Also holds what a server had before it fell silent: a call to it then says that it is down, not that the model is unknown. */
  homes: ReadonlyMap<string, readonly Target[]>;
}

/** Models whose servers the administrator named. */
export type Catalog = ReadonlyMap<string, readonly Target[]>;

/**
 * One directory out of all answers. A model that several servers have is on all of them. Throws ModelError
 * 'unavailable' when no server answered.
 */
export function mergeListings(
  listings: readonly Listing[],
  catalog: Catalog,
  previous: Directory | undefined,
): Directory {
  const reasons = listings.flatMap((listing) => ('error' in listing ? [errorMessage(listing.error)] : []));
  if (reasons.length === listings.length) {
    throw new ModelError('unavailable', `No model server answers: ${reasons.join(' ')}`);
  }
  const models = new Map<string, ModelInfo>();
  const homes = new Map<string, readonly Target[]>(catalog);
  for (const [name, targets] of catalog) {
    const info = infoOf(name, targets, listings);
    if (info) models.set(name, info);
  }
  for (const listing of listings) {
    if ('error' in listing || !listing.site.listsModels) continue;
    for (const model of listing.models.filter(({ id }) => !catalog.has(id))) {
      homes.set(model.id, [...(homes.get(model.id) ?? []), targetAt(listing.site, model.id)]);
      if (!models.has(model.id)) models.set(model.id, model);
    }
  }
  addAliases(listings, homes);
  for (const [id, targets] of silentHomes(listings, previous)) {
    if (!catalog.has(id)) homes.set(id, [...(homes.get(id) ?? []), ...targets]);
  }
  return { models: [...models.values()], homes };
}

/** Further names of listed models, where no model has them for its own. */
function addAliases(listings: readonly Listing[], homes: Map<string, readonly Target[]>): void {
  const own = new Set(homes.keys());
  for (const listing of listings) {
    if ('error' in listing || !listing.site.listsModels) continue;
    for (const alias of listing.models.flatMap(({ aliases = [] }) => aliases)) {
      if (!own.has(alias)) homes.set(alias, [...(homes.get(alias) ?? []), targetAt(listing.site, alias)]);
    }
  }
}

/** A model of the catalog as the first of its servers that answered has it; it may not be listed there at all. */
function infoOf(name: string, targets: readonly Target[], listings: readonly Listing[]): ModelInfo | undefined {
  for (const { site, model } of [...targets].sort((one, other) => one.priority - other.priority)) {
    const listing = listings.find((each) => each.site === site);
    if (!listing || 'error' in listing) continue;
    const listed = listing.models.find(({ id, aliases }) => id === model || aliases?.includes(model) === true);
    return { created: 0, ownedBy: site.server.name, ...listed, id: name };
  }
  return undefined;
}

function targetAt(site: Site, model: string): Target {
  return { site, model, priority: site.priority, weight: site.weight };
}

/** What the servers had that did not answer now. */
function silentHomes(listings: readonly Listing[], previous: Directory | undefined): [string, Target[]][] {
  const silent = new Set(listings.flatMap((listing) => ('error' in listing ? [listing.site] : [])));
  return [...(previous?.homes ?? [])].flatMap(([id, targets]): [string, Target[]][] => {
    const kept = targets.filter(({ site }) => silent.has(site));
    return kept.length === 0 ? [] : [[id, kept]];
  });
}
