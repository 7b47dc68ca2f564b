import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import type { ModelInfo } from '../ports/model-server.js';

const MS_PER_SECOND = 1000;
/** Ollama's time of what never ends lies centuries ahead. */
const FOR_EVER_SECONDS = 100 * 365 * 86_400;
const DEFAULT_TAG = ':latest';

/** The models in the answer of `GET /api/tags`; undefined where it is no such answer. */
export function readTags(answer: unknown): ModelInfo[] | undefined {
  return entriesOf(answer)?.flatMap((entry) => {
    const id = nameOf(entry);
    if (id === undefined) return [];
    const size = numberOf(entry['size']);
    return [
      {
        id,
        created: secondsOf(entry['modified_at']) ?? 0,
        ownedBy: 'library',
        ...(id.endsWith(DEFAULT_TAG) && { aliases: [id.slice(0, -DEFAULT_TAG.length)] }),
        ...(size !== undefined && { size }),
      },
    ];
  });
}

/** The models with what `GET /api/ps` says about those in memory. Another answer says nothing. */
export function withResidency(models: readonly ModelInfo[], answer: unknown, now: number): ModelInfo[] {
  const running = entriesOf(answer);
  if (running === undefined) return [...models];
  const byName = new Map(running.map((entry) => [nameOf(entry), entry]));
  return models.map((model) => {
    const entry = byName.get(model.id);
    if (entry === undefined) return { ...model, loaded: false };
    const until = secondsOf(entry['expires_at']);
    // What it was loaded with is what counts, whatever its Modelfile says.
    const contextSize = numberOf(entry['context_length']);
    const isKnown = until !== undefined && until < now / MS_PER_SECOND + FOR_EVER_SECONDS;
    return {
      ...model,
      loaded: true,
      ...(isKnown && { loadedUntil: until }),
      ...(contextSize !== undefined && contextSize > 0 && { contextSize }),
    };
  });
}

function entriesOf(answer: unknown): JsonObject[] | undefined {
  if (!isObject(answer)) return undefined;
  // A server without models says null.
  const models = answer['models'] ?? [];
  return Array.isArray(models) ? models.filter(isObject) : undefined;
}

function nameOf(entry: JsonObject): string | undefined {
  return textOf(entry['model']) ?? textOf(entry['name']);
}

function secondsOf(value: unknown): number | undefined {
  const time = Date.parse(textOf(value) ?? '');
  return Number.isNaN(time) ? undefined : Math.floor(time / MS_PER_SECOND);
}
