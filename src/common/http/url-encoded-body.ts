import { text, type Request, type RequestHandler } from 'express';
import { bodyLimit, failRequest, keepRawBody } from './request-body.js';

const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Reads URL-encoded forms for the given paths, as URLSearchParams. JSON comes under this type, too (curl's `-d` says so
 * unless it is told otherwise), and is read as what it is.
 */
export function urlEncodedBody(limitMb: number, paths: ReadonlySet<string>): RequestHandler {
  const read = text({ limit: bodyLimit(limitMb), type: FORM_TYPE, verify: keepRawBody });
  return (request, response, next) => {
    if (!paths.has(pathOf(request)) || !request.is(FORM_TYPE)) return next();
    read(request, response, (error?: unknown) => {
      if (error !== undefined) failRequest(request, error);
      else if (typeof request.body === 'string') takeBody(request, request.body);
      next();
    });
  };
}

/** Not `request.path`, of which the framework takes what a middleware is mounted at. */
function pathOf({ originalUrl }: Request): string {
  return originalUrl.split('?', 1)[0] ?? '';
}

function takeBody(request: Request, body: string): void {
  if (!/^\s*[[{]/.test(body)) {
    request.body = new URLSearchParams(body);
    return;
  }
  try {
    request.body = JSON.parse(body) as unknown;
  } catch (error) {
    failRequest(request, Object.assign(new Error('Malformed JSON', { cause: error }), { type: 'entity.parse.failed' }));
  }
}
