import { errorMessage } from '@libs/kernel';
import { ModelError } from '../ports/model-error.js';
import type { ModelInfo, ModelServer } from '../ports/model-server.js';

/** What one server answered to the question for its models. */
export type Listing = { server: ModelServer; models: ModelInfo[] } | { server: ModelServer; error: unknown };

/** Which models there are, and where. */
export interface Directory {
  /** Models of the servers that answered, in the servers' order. */
  models: ModelInfo[];
  /** Also holds what a server had before it fell silent: a call to it then says that it is down, not that the model is unknown. */
  homes: ReadonlyMap<string, ModelServer>;
}

/**
 * One directory out of all answers. Where two servers have a model of the same name, the first one serves it.
 * Throws ModelError 'unavailable' when no server answered.
 */
export function mergeListings(listings: readonly Listing[], previous: Directory | undefined): Directory {
  const models: ModelInfo[] = [];
  const homes = new Map<string, ModelServer>();
  const silent = new Set<ModelServer>();
  const reasons: string[] = [];
  for (const listing of listings) {
    if ('error' in listing) {
      silent.add(listing.server);
      reasons.push(errorMessage(listing.error));
      continue;
    }
    for (const model of listing.models) {
      if (homes.has(model.id)) continue;
      homes.set(model.id, listing.server);
      models.push(model);
    }
  }
  if (silent.size === listings.length) {
    throw new ModelError('unavailable', `No model server answers: ${reasons.join(' ')}`);
  }
  for (const [id, server] of previous?.homes ?? []) {
    if (silent.has(server) && !homes.has(id)) homes.set(id, server);
  }
  return { models, homes };
}
