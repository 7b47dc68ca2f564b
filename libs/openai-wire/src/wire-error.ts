import { PublicError } from '@libs/kernel';

/** The body of every error answer under /v1 (openai-wire.md section 4.3): all four keys, always. */
export interface WireErrorBody {
  error: { message: string; type: string; param: string | null; code: string | null };
}

export interface WireErrorDetails {
  type?: string;
  param?: string | null;
  code?: string | null;
  /** Answer headers that belong to the error, such as `retry-after`. */
  headers?: Record<string, string>;
}

/** An error that says how the wire shows it. Thrown anywhere; rendered by the one error filter. */
export class WireError extends PublicError {
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    message: string,
    details: WireErrorDetails = {},
  ) {
    super(message);
    this.name = 'WireError';
    this.type = details.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
    this.param = details.param ?? null;
    this.code = details.code ?? null;
    this.headers = details.headers ?? {};
  }

  toBody(): WireErrorBody {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

/** 400 for a value that cannot be taken. */
export function invalidRequest(message: string, param: string | null = null, code: string | null = null): WireError {
  return new WireError(400, message, { param, code });
}

/** 404 in OpenAI's words: `No assistant found with id 'asst_x'.` */
export function notFound(what: string, id: string): WireError {
  return new WireError(404, `No ${what} found with id '${id}'.`);
}

/** 404 for files, which have their own text: `No such File object: file-x`. */
export function fileNotFound(id: string): WireError {
  return new WireError(404, `No such File object: ${id}`, { param: 'id' });
}

/** 404 for a model that no configured server has. */
export function modelNotFound(model: string): WireError {
  return new WireError(404, `The model '${model}' does not exist`, { param: 'model', code: 'model_not_found' });
}

/** 401: `invalid_api_key` is the code SDK users look for. */
export function unauthenticated(message: string): WireError {
  return new WireError(401, message, { code: 'invalid_api_key', headers: { 'www-authenticate': 'Bearer' } });
}

/** 403 for a credential that is valid but may not do this. */
export function forbidden(message: string): WireError {
  return new WireError(403, message, { type: 'insufficient_permissions', code: 'insufficient_permissions' });
}
