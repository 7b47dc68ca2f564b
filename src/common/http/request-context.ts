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
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (...parameters: unknown[]) => {
    bearProcessingTime(response);
    return Reflect.apply(writeHead, response, parameters) as Response;
  };
  next();
}

type TimedRequest = IncomingMessage & { id?: unknown; beganAt?: number };

/**
 * As `wireHeaders`, for a request that no middleware sees; whoever answers it calls `bearProcessingTime`. One that bears them
 * already keeps its id, and the time since the first call counts.
 */
export function bearWireHeaders(request: TimedRequest, response: ServerResponse): void {
  request.beganAt ??= performance.now();
  if (typeof request.id !== 'string') request.id = newRequestId();
  if (response.headersSent) return;
  response.setHeader('x-request-id', request.id);
  response.setHeader('openai-version', VERSION_OF_THE_WIRE);
}

/**
 * To be called just before the head goes out. An answer that sees to it by itself, rather than by a `writeHead` of its own,
 * costs a quarter less: V8's scavenger does not free a response with a bound function of its own.
 */
export function bearProcessingTime(response: ServerResponse): void {
  const { beganAt } = response.req as TimedRequest;
  if (response.headersSent || beganAt === undefined) return;
  response.setHeader('openai-processing-ms', String(Math.round(performance.now() - beganAt)));
}
