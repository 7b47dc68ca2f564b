import type { IncomingMessage, ServerResponse } from 'node:http';
import { PublicError } from '@libs/kernel';
import { parseFields, WireError, type Fields } from '../wire/checks.js';
import { WIRE_LIMITS } from '../wire/wire.js';

/** An answer that is a refusal. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** One request and its answer. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** What the route's pattern caught. */
  id: string;
}

/** An empty body counts as one without fields. */
export async function readFields(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > WIRE_LIMITS.requestBytes) throw new Refusal(413, 'The request is too large.');
    chunks.push(chunk);
  }
  return bytes === 0 ? {} : parseFields(Buffer.concat(chunks));
}

export function answer(response: ServerResponse, status: number, body?: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

/** Answers with what went wrong, as far as it is the caller's business. */
export function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const [status, message] = explain(error);
  // What the caller still sends is not wanted.
  response.setHeader('connection', 'close');
  answer(response, status, { error: { message } });
}

function explain(error: unknown): [status: number, message: string] {
  if (error instanceof Refusal) return [error.status, error.message];
  if (error instanceof WireError) return [400, error.message];
  if (error instanceof PublicError) return [422, error.message];
  return [500, 'The sandbox host had an error.'];
}
