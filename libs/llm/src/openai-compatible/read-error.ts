import type { Dispatcher } from 'undici';
import type { ModelError } from '../ports/model-error.js';
import { readLimited } from './body.js';
import { decodedBody } from './decoded-body.js';
import { mapErrorAnswer } from './error-mapping.js';

const LONGEST_ERROR_BODY = 64 * 1024;

/** The ModelError for an answer with an error status. */
export async function readError(response: Dispatcher.ResponseData): Promise<ModelError> {
  const body = await readLimited(decodedBody(response), LONGEST_ERROR_BODY);
  return mapErrorAnswer({ status: response.statusCode, body, headers: response.headers }, Date.now());
}
