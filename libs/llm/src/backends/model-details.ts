import { request, type Dispatcher } from 'undici';
import { parseJson } from '../json.js';
import { readLimited } from '../openai-compatible/body.js';
import type { ModelInfo } from '../ports/model-server.js';

export type ModelDetails = Pick<ModelInfo, 'contextSize' | 'capabilities' | 'slots'>;

/** How a server tells what its list of models leaves out. */
export interface DetailsDialect {
  /** Below the server's root. */
  readonly path: string;
  /** Sent with POST. Absent: GET, about whatever the server has loaded. */
  body?(model: string): Record<string, unknown>;
  /** What the answer says; nothing for an answer of another shape. */
  read(answer: unknown): ModelDetails;
}

export interface DetailsCall {
  url: string;
  dialect: DetailsDialect;
  dispatcher: Dispatcher;
  headers: Record<string, string>;
  /**
   * What was said before. A model is asked about once, until its time of creation changes: each of a server's models
   * would else be asked about at every listing.
   */
  known: Map<string, ModelDetails>;
}

/** For all models of a server together: the list of models waits for it. */
const TIMEOUT_MS = 2000;
/** Of models whose details are remembered. */
const MOST_KNOWN = 1000;
/** Ollama's answer bears the licence and the template, llama.cpp's the template. */
const LONGEST_ANSWER = 4 * 1024 * 1024;

/** The models with what the server says of each; as they are where it says nothing. Never throws. */
export async function withDetails(models: readonly ModelInfo[], call: DetailsCall): Promise<ModelInfo[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return Promise.all(models.map(async (model) => ({ ...model, ...(await detailsOf(model, call, signal)) })));
}

async function detailsOf({ id, created }: ModelInfo, call: DetailsCall, signal: AbortSignal): Promise<ModelDetails> {
  // Without a body the question is about what the server has loaded, which changes.
  if (!call.dialect.body) return (await ask(id, call, signal)) ?? {};
  const key = `${created} ${id}`;
  const details = call.known.get(key) ?? (await ask(id, call, signal));
  if (details === undefined) return {};
  if (call.known.size >= MOST_KNOWN) call.known.clear();
  call.known.set(key, details);
  return details;
}

/** Undefined where the server says nothing now. */
async function ask(model: string, call: DetailsCall, signal: AbortSignal): Promise<ModelDetails | undefined> {
  const { url, dialect, dispatcher, headers } = call;
  const body = dialect.body?.(model);
  try {
    const answer = await request(url, {
      dispatcher,
      headers,
      signal,
      method: body === undefined ? 'GET' : 'POST',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await readLimited(answer.body, LONGEST_ANSWER);
    return answer.statusCode < 300 ? dialect.read(parseJson(text)) : undefined;
  } catch {
    return undefined;
  }
}
