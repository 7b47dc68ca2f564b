import { sleep } from '@libs/kernel';
import { request } from 'undici';
import { parseJson, toJson } from '../json.js';
import type { CallOptions } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { readLimited } from './body.js';
import type { Connection } from './connection.js';
import { mapErrorAnswer } from './error-mapping.js';
import { retryDelay } from './retry-policy.js';
import { toModelError } from './transport-error.js';

export interface JsonCall extends CallOptions {
  connection: Connection;
  /** Name of the server, for errors. */
  server: string;
  url: string;
  body: Record<string, unknown>;
  maxRetries: number;
}

const LONGEST_ANSWER = 256 * 1024 * 1024;

/**
 * The answer to a request that is answered in one piece. Repeated as `retryDelay` has it: such calls change nothing on
 * the server. Throws ModelErrors.
 */
export async function callJson(call: JsonCall): Promise<unknown> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await callOnce(call);
    } catch (error) {
      const failure = toModelError(error, call.server, call.signal);
      const delay = retryDelay(failure, attempt, call.maxRetries, Math.random);
      if (delay === undefined) throw failure;
      await sleep(delay, call.signal);
    }
  }
}

async function callOnce({ connection, url, body, signal, server }: JsonCall): Promise<unknown> {
  signal?.throwIfAborted();
  const answer = await request(url, {
    dispatcher: connection.dispatcher,
    method: 'POST',
    headers: connection.headers('application/json'),
    body: toJson(body),
    signal: signal ?? null,
  });
  const text = await readLimited(answer.body, LONGEST_ANSWER);
  if (answer.statusCode >= 300) {
    throw mapErrorAnswer({ status: answer.statusCode, body: text, headers: answer.headers }, Date.now());
  }
  const parsed = parseJson(text);
  if (parsed === undefined) {
    throw new ModelError('failed', `The model server ${server} sent an answer that is no JSON.`);
  }
  return parsed;
}
