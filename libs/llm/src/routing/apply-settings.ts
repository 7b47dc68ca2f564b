import { isObject, parseJson } from '../json.js';
import type { ChatRequest } from '../ports/chat-model.js';
import type { ModelSettings } from '../ports/model-settings.js';

/** The request with what the administrator said about its model, under the server's own name of it. */
export function withSettings(request: ChatRequest, model: string, settings: ModelSettings): ChatRequest {
  const temperature = request.temperature ?? settings.temperature;
  const stop = joined(request.stop, settings.stop);
  const extraBody = settings.extraBody && { ...settings.extraBody, ...request.extraBody };
  return {
    ...request,
    model,
    ...(temperature !== undefined && { temperature }),
    ...(stop.length > 0 && { stop }),
    ...(extraBody && { extraBody }),
    ...loadingOf(settings),
  };
}

/** Whether a request may go on as it came. */
export function changesNothing({ temperature, stop, extraBody }: ModelSettings): boolean {
  return temperature === undefined && stop === undefined && extraBody === undefined;
}

/** How the model is to be loaded, for servers that let each request say so. */
export function loadingOf({ contextSize, keepAlive }: ModelSettings): Pick<ModelSettings, 'contextSize' | 'keepAlive'> {
  return { ...(contextSize !== undefined && { contextSize }), ...(keepAlive !== undefined && { keepAlive }) };
}

export function saysHowToLoad({ contextSize, keepAlive }: ModelSettings): boolean {
  return contextSize !== undefined || keepAlive !== undefined;
}

const SAMPLES = new Set(['/chat/completions', '/completions']);

/** As `withSettings`, for the bytes of a request to the path. What is no JSON object is for the server to refuse. */
export function bodyWithSettings(path: string, body: Buffer, model: string, settings: ModelSettings): Buffer {
  const parsed = parseJson(body.toString('utf8'));
  if (!isObject(parsed)) return body;
  if (!SAMPLES.has(path)) return Buffer.from(JSON.stringify({ ...parsed, model }));
  const stop = joined(listOf(parsed['stop']), settings.stop);
  const changed = {
    ...settings.extraBody,
    ...(settings.temperature !== undefined && { temperature: settings.temperature }),
    ...withoutNulls(parsed),
    model,
    ...(stop.length > 0 && { stop }),
  };
  return Buffer.from(JSON.stringify(changed));
}

function joined(asked: readonly string[] | undefined, always: readonly string[] | undefined): string[] {
  return [...new Set([...(asked ?? []), ...(always ?? [])])];
}

function listOf(stop: unknown): string[] {
  if (typeof stop === 'string') return [stop];
  return Array.isArray(stop) ? stop.filter((each) => typeof each === 'string') : [];
}

/** OpenAI's null is "not asked for". */
function withoutNulls(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
