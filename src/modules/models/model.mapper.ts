import type { ModelInfo, ModelPlace } from '@libs/llm';
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
  servers: WireModelServer[];
}

export function toWireModel(model: LocatedModel, { scopes }: Pick<Principal, 'scopes'>): WireModel {
  const { id, created, ownedBy, contextSize, capabilities, places } = model;
  return {
    id,
    object: 'model',
    created,
    owned_by: ownedBy,
    ...(contextSize !== undefined && { context_size: contextSize }),
    ...(capabilities !== undefined && { capabilities }),
    servers: places.map((place) => toWireServer(place, scopes.has('admin'))),
  };
}

function toWireServer(place: ModelPlace, isAdmin: boolean): WireModelServer {
  const { server: name, kind, address, model, priority, weight, state } = place;
  return isAdmin ? { name, kind, url: address ?? null, model, priority, weight, state } : { name, kind };
}
