import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';

const VERSION_OF_THE_WIRE = '2020-10-01';

/**
 * The id of a request: on the answer, in every log line, in the SDK's `_request_id`. Node draws the randomness of UUIDs
 * for many at once, where `randomBytes` asks the system each time.
 */
export function newRequestId(): string {
  return `req_${randomUUID().replaceAll('-', '')}`;
}

/** Puts the headers that every answer of OpenAI's bears (openai-wire.md section 4.2) on ours. */
export function wireHeaders(request: Request, response: Response, next: NextFunction): void {
  bearWireHeaders(request, response);
  next();
}

/**
 * As `wireHeaders`, for a request that no middleware sees. One that bears them already keeps its id, and the time since the
 * first call counts.
 */
export function bearWireHeaders(request: IncomingMessage & { id?: unknown }, response: ServerResponse): void {
  const startedAt = performance.now();
  const requestId = typeof request.id === 'string' ? request.id : newRequestId();
  request.id = requestId;
  if (response.headersSent) return;
  response.setHeader('x-request-id', requestId);
  response.setHeader('openai-version', VERSION_OF_THE_WIRE);
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (...parameters: unknown[]) => {
    if (!response.headersSent) {
      response.setHeader('openai-processing-ms', String(Math.round(performance.now() - startedAt)));
    }
    return Reflect.apply(writeHead, response, parameters) as ServerResponse;
  };
}
