import { assertNever } from '@libs/kernel';
import { WireError } from '@libs/openai-wire';
import type { ModelError } from '@libs/llm';

/** How a failed model call is told to the client of a chat completion. */
export function fromModelError(error: ModelError): WireError {
  const { status, retryAfterMs, code = null, param = null } = error.details;
  switch (error.kind) {
    case 'model_not_found':
      return new WireError(404, error.message, { param: 'model', code: 'model_not_found' });
    case 'rejected':
      if (status === 401 || status === 403) return refusedCredential(error);
      return new WireError(status ?? 400, error.message, { param, code });
    case 'rate_limited':
      return new WireError(429, error.message, {
        type: 'rate_limit_exceeded',
        code: 'rate_limit_exceeded',
        headers: retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
      });
    case 'unavailable':
      return new WireError(503, error.message, { code: 'model_server_unavailable' });
    case 'timeout':
      return new WireError(504, error.message, { code: 'model_server_timeout' });
    case 'failed':
    case 'aborted':
      return new WireError(502, error.message, { code: 'model_server_error' });
    default:
      return assertNever(error.kind);
  }
}

/** It is the server's own credential that was refused; a 401 would tell the client that theirs was. */
function refusedCredential(error: ModelError): WireError {
  return new WireError(502, `The model server refused the request: ${error.message}`, { code: 'model_server_error' });
}
