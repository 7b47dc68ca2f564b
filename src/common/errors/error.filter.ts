import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { invalidRequest, WireError } from '@libs/openai-wire';
import { errorCode, PublicError } from '@libs/kernel';
import { ModelError } from '@libs/llm';
import { SandboxError } from '@libs/sandbox';
import type { Request, Response } from 'express';
import { DetailError } from './detail-error.js';
import { fromModelError } from './model-error.js';

/** Turns whatever was thrown into an answer: the wire's envelope, or `{"detail"}` under /api. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (isOfNobody(error, response)) return;
    const wireError = toWireError(error, request);
    if (wireError.status >= 500) this.logger.error(error instanceof Error ? (error.stack ?? error.message) : error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body = isCompatPath(request.path) ? { detail: wireError.message } : wireError.toBody();
    response.status(wireError.status).set(wireError.headers).json(body);
  }
}

/** Whether a call was given up because its client left, which is nobody's fault. */
function isOfNobody(error: unknown, response: Response): boolean {
  return response.destroyed && error instanceof ModelError && error.kind === 'aborted';
}

function isCompatPath(path: string): boolean {
  return path.startsWith('/api/');
}

/** Exported for the table test. */
export function toWireError(error: unknown, request: Pick<Request, 'method' | 'path'>): WireError {
  if (error instanceof WireError) return error;
  if (error instanceof DetailError) return new WireError(error.status, error.detail, { headers: error.headers });
  if (error instanceof ModelError) return fromModelError(error);
  if (error instanceof SandboxError) return new WireError(503, error.message, { code: 'sandbox_unavailable' });
  if (error instanceof HttpException) return fromHttpException(error, request);
  if (error instanceof PublicError) return new WireError(500, error.message);
  return (
    fromBodyParser(error) ??
    new WireError(500, 'The server had an error while processing your request. Sorry about that!')
  );
}

function fromHttpException(error: HttpException, request: Pick<Request, 'method' | 'path'>): WireError {
  const status = error.getStatus();
  const details: unknown = error.cause;
  const parsed = fromBodyParser(details);
  if (parsed) return parsed;
  if (status === 404) {
    return new WireError(404, `Invalid URL (${request.method} ${request.path})`, { code: 'unknown_url' });
  }
  if (status === 400 && / JSON /.test(error.message)) return malformedJson();
  return new WireError(status, error.message);
}

function malformedJson(): WireError {
  return invalidRequest(
    'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)',
  );
}

/** body-parser and express mark their errors with a type or a code. */
function fromBodyParser(error: unknown): WireError | null {
  if (typeof error !== 'object' || error === null) return null;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.parse.failed') return malformedJson();
  if (type === 'entity.too.large') {
    return new WireError(413, 'The request body is too large.', { code: 'request_too_large' });
  }
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new WireError(415, 'The encoding of the request body is not supported.');
  }
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return invalidRequest('The request body did not arrive whole.');
  }
  if (errorCode(error) === 'ERR_INVALID_CHAR' || error instanceof URIError) {
    return invalidRequest('The URL is not valid.');
  }
  return null;
}
