import { json, type Request, type RequestHandler, type Response } from 'express';

const BYTES_PER_MB = 1024 * 1024;

/** Reads JSON bodies of at most the given size in MiB. What cannot be read goes on as an error of body-parser. */
export function requestBody(limitMb: number): RequestHandler {
  const read = json({ limit: limitMb * BYTES_PER_MB, verify: keepRawBody, type: isJson });
  return (request, response, next) =>
    read(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      emptyBodyIsObject(request);
      next();
    });
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
function emptyBodyIsObject(request: Request): void {
  request.body ??= {};
}
