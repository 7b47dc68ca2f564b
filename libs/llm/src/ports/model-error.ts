import { PublicError } from '@libs/kernel';

export type ModelErrorKind =
  /** Nothing answers at the server's address, or it cut the connection. */
  | 'unavailable'
  /** The server took longer than the configured time. */
  | 'timeout'
  /** 429. */
  | 'rate_limited'
  /** 4xx: the request itself was refused; trying again is of no use. */
  | 'rejected'
  /** The server does not know the model. */
  | 'model_not_found'
  /** 5xx, or an answer that is not of the protocol. */
  | 'failed'
  /** The caller aborted. */
  | 'aborted';

/** The code of a refusal of every request with tools: the model, or its server as it was started, has none. */
export const TOOLS_NOT_SUPPORTED = 'tools_not_supported';

/** A model call that went wrong, with the server's own words where it gave any. */
export class ModelError extends PublicError {
  constructor(
    readonly kind: ModelErrorKind,
    message: string,
    readonly details: {
      status?: number;
      retryAfterMs?: number;
      code?: string | null;
      param?: string | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'ModelError';
  }
}
