import type { ModelInfo, ModelPlace, PullProgress } from '@libs/llm';
import type { Principal } from '../../common/principal.js';

/** A model and where it is. */
export interface LocatedModel extends ModelInfo {
  places: readonly ModelPlace[];
}

/** Extension: a server that has the model. Inner addresses and the state of servers are for administrators. */
export interface WireModelServer {
  name: string;
  kind: string;
  url?: string | null;
  model?: string;
  priority?: number;
  weight?: number;
  state?: 'closed' | 'open' | 'probing';
  /** While it fetches the model. */
  pull?: PullProgress;
}

export interface WireModel {
  id: string;
  object: 'model';
  created: number;
  owned_by: string;
  /** Extension: tokens, prompt and answer together. */
  context_size?: number;
  /** Extension: as the server says. */
  capabilities?: readonly string[];
  /** Extension: bytes on disk. */
  size?: number;
  /** Extension: whether it is in memory. */
  loaded?: boolean;
  /** Extension: until when, in seconds since 1970. */
  loaded_until?: number;
  servers: WireModelServer[];
}

export function toWireModel(model: LocatedModel, { scopes }: Pick<Principal, 'scopes'>): WireModel {
  const { id, created, ownedBy, contextSize, capabilities, size, loaded, loadedUntil, places } = model;
  return {
    id,
    object: 'model',
    created,
    owned_by: ownedBy,
    ...(contextSize !== undefined && { context_size: contextSize }),
    ...(capabilities !== undefined && { capabilities }),
    ...(size !== undefined && { size }),
    ...(loaded !== undefined && { loaded }),
    ...(loadedUntil !== undefined && { loaded_until: loadedUntil }),
    servers: places.map((place) => toWireServer(place, scopes.has('admin'))),
  };
}

function toWireServer(place: ModelPlace, isAdmin: boolean): WireModelServer {
  const { server: name, kind, address, model, priority, weight, state, pull } = place;
  const known = { name, kind, ...(pull !== undefined && { pull }) };
  return isAdmin ? { ...known, url: address ?? null, model, priority, weight, state } : known;
}
