import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { json, type Request, type RequestHandler, type Response } from 'express';
import type { Observable } from 'rxjs';

const BYTES_PER_MB = 1024 * 1024;

/** Why the body of a request could not be read, or what came of the request before its route. */
const problems = new WeakMap<object, { error: unknown }>();

/** Lets BodyProblemInterceptor throw the error. The body is not read any more. */
export function failRequest(request: object, error: unknown): void {
  problems.set(request, { error });
}

/** The most bytes that the body of a request may have. */
export function bodyLimit(limitMb: number): number {
  return limitMb * BYTES_PER_MB;
}

/**
 * Reads JSON bodies of at most the given size in MiB. What cannot be read is kept for BodyProblemInterceptor: strangers
 * are told that they are strangers, not what is wrong with their body.
 */
export function requestBody(limitMb: number): RequestHandler {
  const read = json({ limit: bodyLimit(limitMb), verify: keepRawBody, type: isJson });
  return (request, response, next) => {
    if (problems.has(request)) return next();
    read(request, response, (error?: unknown) => {
      if (error !== undefined) failRequest(request, error);
      emptyBodyIsObject(request);
      next();
    });
  };
}

/** Throws the error of body-parser for a body that could not be read: behind authentication, before validation. */
@Injectable()
export class BodyProblemInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const problem = problems.get(context.switchToHttp().getRequest<Request>());
    if (problem) throw problem.error;
    return next.handle();
  }
}

/** Chat completions are passed on byte for byte. */
export function keepRawBody(request: Request & { rawBody?: Buffer }, _response: Response, body: Buffer): void {
  request.rawBody = body;
}

/** Everything that is no upload: some clients send JSON without saying so. */
function isJson(request: { headers: Record<string, string | string[] | undefined> }): boolean {
  return !String(request.headers['content-type'] ?? '').startsWith('multipart/');
}

/** `POST /v1/threads` without a body is a request for an empty thread (openai-wire.md section 4.1). */
function emptyBodyIsObject(request: Request): void {
  request.body ??= {};
}
