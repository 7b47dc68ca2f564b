import { isObject, numberOf, textOf } from '../json.js';
import type { ModelInfo } from '../ports/model-server.js';

/** The models in the body of `GET /models`, or undefined where it is no such body. */
export function readModelList(body: unknown, owner: string): ModelInfo[] | undefined {
  if (!isObject(body)) return undefined;
  // Ollama answers `"data": null` while it has no model.
  const data = body['data'] ?? [];
  if (!Array.isArray(data)) return undefined;
  return data.flatMap((entry: unknown) => {
    const id = isObject(entry) ? textOf(entry['id']) : undefined;
    if (!isObject(entry) || id === undefined) return [];
    return [{ id, created: numberOf(entry['created']) ?? 0, ownedBy: textOf(entry['owned_by']) ?? owner }];
  });
}
