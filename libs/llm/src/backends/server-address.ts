import type { Backend } from './backend.js';

export interface ServerAddress {
  /** Base of the OpenAI dialect. */
  apiUrl: string;
  /** What is asked for health. */
  healthUrl: string;
  /** What counts tokens, where the server does. */
  tokenizeUrl: string | undefined;
  /** What tells more of a model, where the server does. */
  detailsUrl: string | undefined;
  /** What tells of the server's slots, where it has such. */
  slotsUrl: string | undefined;
  embeddingsUrl: string;
  rerankUrl: string | undefined;
}

/** Where a backend at a configured address answers. The address may or may not end in the API's path already. */
export function toServerAddress(backend: Backend, address: string): ServerAddress {
  const trimmed = address.replace(/\/+$/, '');
  const root =
    backend.apiPath !== '' && trimmed.endsWith(backend.apiPath) ? trimmed.slice(0, -backend.apiPath.length) : trimmed;
  const apiUrl = root + backend.apiPath;
  return {
    apiUrl,
    healthUrl: (backend.health.fromRoot ? root : apiUrl) + backend.health.path,
    tokenizeUrl: backend.tokenize && root + backend.tokenize.path,
    detailsUrl: backend.details && root + backend.details.path,
    slotsUrl: backend.hasSlots === true ? `${root}/slots` : undefined,
    embeddingsUrl: (backend.embeddings.fromRoot ? root : apiUrl) + backend.embeddings.path,
    rerankUrl: backend.rerankPath === undefined ? undefined : apiUrl + backend.rerankPath,
  };
}
