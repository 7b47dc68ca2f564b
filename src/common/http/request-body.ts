import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';

const BYTES_PER_MB = 1024 * 1024;

/** Reads JSON bodies of at most the given size in MiB. What cannot be read goes on as an error of body-parser. */
export function requestBody(limitMb: number): RequestHandler[] {
  return [json({ limit: limitMb * BYTES_PER_MB, verify: keepRawBody, type: isJson }), emptyBodyIsObject];
}

/** Chat completions are passed on byte for byte. */
function keepRawBody(request: Request & { rawBody?: Buffer }, _response: Response, body: Buffer): void {
  request.rawBody = body;
}

/** Everything that is no upload: some clients send JSON without saying so. */
function isJson(request: { headers: Record<string, string | string[] | undefined> }): boolean {
  return !String(request.headers['content-type'] ?? '').startsWith('multipart/');
}

/** `POST /v1/threads` without a body is a request for an empty thread (openai-wire.md section 4.1). */
function emptyBodyIsObject(request: Request, _response: Response, next: NextFunction): void {
  request.body ??= {};
  next();
}
