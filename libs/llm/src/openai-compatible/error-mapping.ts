import { isObject, numberOf, parseJson, textOf, type JsonObject } from '../json.js';
import { ModelError, type ModelErrorKind } from '../ports/model-error.js';
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

/** Longest part of a server's own words that is kept. */
const LONGEST_MESSAGE = 2000;
const UNKNOWN_MODEL =
  /\bmodel\b[\s\S]*\b(not found|does not exist|doesn't exist|not exist|unknown|is not available)\b/i;

/**
 * Reads the error shapes in use:
 * - OpenAI, vLLM from 0.10, Ollama, llama.cpp: `{"error":{"message","type","param","code"}}`; the code is a
 *   string at OpenAI and the HTTP status at vLLM and llama.cpp.
 * - vLLM before 0.10: `{"object":"error","message","type","param","code":400}`.
 * - Ollama outside its /v1 and some proxies: `{"error":"text"}`; FastAPI: `{"detail": ...}`.
 */
export function readErrorText(body: unknown): ErrorText {
  if (typeof body === 'string') return { message: clip(body.trim()), code: null, param: null };
  if (!isObject(body)) return { code: null, param: null };
  if (isObject(body['error'])) return readErrorObject(body['error']);
  const message = textOf(body['error']) ?? textOf(body['message']) ?? textOf(body['detail']);
  return { ...readErrorObject(body), message: clip(message) };
}

function readErrorObject(error: JsonObject): ErrorText {
  const status = numberOf(error['code']);
  return {
    message: clip(textOf(error['message'])),
    ...(status !== undefined && { status }),
    code: textOf(error['code']) ?? null,
    param: textOf(error['param']) ?? null,
  };
}

function clip(message: string | undefined): string | undefined {
  return message === undefined || message === '' ? undefined : message.slice(0, LONGEST_MESSAGE);
}

/** The ModelError for an answer with an error status. */
export function mapErrorAnswer(answer: ErrorAnswer, now: number): ModelError {
  const text = readErrorText(parseJson(answer.body) ?? answer.body);
  const retryAfterMs = readRetryAfter(answer.headers, now);
  return new ModelError(
    kindOf(answer.status, text),
    text.message ?? `The model server answered with status ${answer.status}.`,
    { status: answer.status, code: text.code, param: text.param, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  );
}

/** The ModelError for an error answer that was received elsewhere, as from `ModelServer.forward`. */
export function readModelServerError(answer: ErrorAnswer): ModelError {
  return mapErrorAnswer(answer, Date.now());
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
