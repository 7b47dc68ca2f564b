import { isObject, parseJson, textOf, type JsonObject } from '../json.js';
import { ModelError, TOOLS_NOT_SUPPORTED, type ModelErrorKind } from '../ports/model-error.js';
import { wordsOf, wordsOfText } from './error-words.js';
import { readRetryAfter } from './retry-after.js';

/** An answer of a model server that is no success. */
export interface ErrorAnswer {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

/** What a server says about its error, whatever shape it gives it. */
export interface ErrorText {
  message?: string;
  status?: number;
  code: string | null;
  param: string | null;
}

const NO_WORDS: ErrorText = { code: null, param: null };
/** Longest part of a server's own words that is kept. */
const LONGEST_MESSAGE = 2000;
const UNKNOWN_MODEL =
  /\bmodel\b[\s\S]*\b(not found|does not exist|doesn't exist|not exist|unknown|is not available)\b/i;

/**
 * Reads the error shapes in use:
 * - OpenAI, vLLM from 0.10, Ollama, llama.cpp: `{"error":{"message","type","param","code"}}`; the code is a
 *   string at OpenAI and the HTTP status at vLLM and llama.cpp.
 * - vLLM before 0.10: `{"object":"error","message","type","param","code":400}`.
 * - Ollama outside its /v1 and some proxies: `{"error":"text"}`; FastAPI: `{"detail": ...}`, of which `error-words.ts` has
 *   more. LiteLLM gives the status as a text.
 */
export function readErrorText(body: unknown): ErrorText {
  if (typeof body === 'string') return { message: clip(wordsOfText(body)), code: null, param: null };
  if (!isObject(body)) return { code: null, param: null };
  if (isObject(body['error'])) return readErrorObject(body['error']);
  const message = wordsOf(body['error']) ?? wordsOf(body['message']) ?? wordsOf(body['detail']);
  return { ...readErrorObject(body), message: clip(message) };
}

function readErrorObject(error: JsonObject): ErrorText {
  const status = statusOf(error['code']);
  return {
    message: clip(wordsOf(error['message'])),
    ...(status !== undefined && { status }),
    code: status === undefined ? (textOf(error['code']) ?? null) : null,
    param: textOf(error['param']) ?? null,
  };
}

/** A code may be one of a server's own. */
function statusOf(code: unknown): number | undefined {
  const text = typeof code === 'number' ? String(code) : code;
  return typeof text === 'string' && /^[45]\d\d$/.test(text) ? Number(text) : undefined;
}

function clip(message: string | undefined): string | undefined {
  return message === undefined || message === '' ? undefined : message.slice(0, LONGEST_MESSAGE);
}

/**
 * How servers refuse tools as such: Ollama, llama.cpp without `--jinja`, which calls it a 500, OpenRouter. Whole messages, as
 * a refusal may quote a user.
 */
const REFUSES_TOOLS =
  /^(?:\S+ does not support tools|tools param requires --jinja flag|No endpoints found that support tool use\b.*)\.?$/i;

/** The ModelError for an answer with an error status. */
export function mapErrorAnswer(answer: ErrorAnswer, now: number): ModelError {
  const text = isRedirect(answer.status) ? NO_WORDS : readErrorText(parseJson(answer.body) ?? answer.body);
  const { status } = answer;
  const { message = withoutWords(status), code, param } = text;
  if (REFUSES_TOOLS.test(message)) {
    return new ModelError('rejected', message, { status: 400, code: TOOLS_NOT_SUPPORTED, param: 'tools' });
  }
  const retryAfterMs = readRetryAfter(answer.headers, now);
  const details = { status, code, param, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return new ModelError(kindOf(status, text), message, details);
}

/** Where a redirect leads to is not for users' eyes, and nothing of a request should go where nobody configured it. */
function withoutWords(status: number): string {
  return isRedirect(status)
    ? `The model server redirects to another address (${status}); it has to be configured with the one it is served at.`
    : `The model server answered with status ${status}.`;
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/**
 * The ModelError for an error frame inside a stream that had begun with status 200. Without a status of
 * its own the frame counts as a failure of the server.
 */
export function mapErrorFrame(frame: unknown): ModelError {
  const text = readErrorText(frame);
  const status = text.status ?? 500;
  return new ModelError(kindOf(status, text), text.message ?? 'The model server reported an error in the stream.', {
    status,
    code: text.code,
    param: text.param,
  });
}

function kindOf(status: number, text: ErrorText): ModelErrorKind {
  if (isUnknownModel(status, text)) return 'model_not_found';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 502 || status === 503) return 'unavailable';
  return status >= 400 && status < 500 ? 'rejected' : 'failed';
}

function isUnknownModel(status: number, text: ErrorText): boolean {
  if (text.code === 'model_not_found') return true;
  return (status === 404 || status === 400) && UNKNOWN_MODEL.test(text.message ?? '');
}
