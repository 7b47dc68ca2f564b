import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import type { ModelInfo } from '../ports/model-server.js';

/** The models in the body of `GET /models`, or undefined where it is no such body. */
export function readModelList(body: unknown, owner: string): ModelInfo[] | undefined {
  // Together answers with the list itself, Ollama with `"data": null` while it has no model.
  const data = Array.isArray(body) ? body : isObject(body) ? (body['data'] ?? []) : undefined;
  if (!Array.isArray(data)) return undefined;
  return data.flatMap((entry: unknown) => {
    const id = isObject(entry) ? textOf(entry['id']) : undefined;
    if (!isObject(entry) || id === undefined) return [];
    const contextSize = contextSizeOf(entry);
    return [
      {
        id,
        created: numberOf(entry['created']) ?? 0,
        ownedBy: textOf(entry['owned_by']) ?? owner,
        ...(contextSize !== undefined && { contextSize }),
      },
    ];
  });
}

/** Of OpenRouter and Together, Mistral, Groq. */
const CONTEXT_FIELDS = ['context_length', 'max_context_length', 'context_window'];

/** vLLM and SGLang say `max_model_len`, llama.cpp `meta.n_ctx` (what it was started with) or `meta.n_ctx_train`. */
function contextSizeOf(entry: JsonObject): number | undefined {
  const meta = isObject(entry['meta']) ? entry['meta'] : {};
  const own = numberOf(entry['max_model_len']) ?? numberOf(meta['n_ctx']) ?? numberOf(meta['n_ctx_train']);
  // Some of them have 0 for models that are no chats.
  return own ?? CONTEXT_FIELDS.map((field) => numberOf(entry[field])).find((size) => size !== undefined && size > 0);
}
