import { DialError } from './dial.js';
import type { EgressReason } from './egress-policy.js';

export interface Refusal {
  status: number;
  /** For the code, and so for the model. */
  message: string;
}

const REFUSALS: Readonly<Record<EgressReason, Refusal>> = {
  'not allowed': { status: 403, message: 'This host and port are not on the list of what code may reach here.' },
  'private address': { status: 403, message: 'This name leads to an address that code may not reach.' },
  limit: { status: 429, message: 'This session has used up its bytes of network traffic.' },
  unreachable: { status: 502, message: 'The server does not answer.' },
  malformed: { status: 400, message: 'The proxy takes CONNECT host:port and absolute http:// URLs, nothing else.' },
};

const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
};

export function refusalOf(error: unknown): Refusal {
  return REFUSALS[error instanceof DialError ? error.reason : 'unreachable'];
}

/** A whole answer, for a connection that no HTTP library has any more. */
export function refusalText(error: unknown): string {
  const { status, message } = refusalOf(error);
  const head = [`HTTP/1.1 ${status} ${PHRASES[status] ?? 'Refused'}`, 'content-type: text/plain', 'connection: close'];
  return `${head.join('\r\n')}\r\ncontent-length: ${message.length}\r\n\r\n${message}`;
}
