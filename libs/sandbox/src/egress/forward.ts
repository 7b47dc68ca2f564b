import { request as send, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { EgressSession } from './egress-session.js';
import type { Target } from './targets.js';
import { Counter } from './tunnel.js';

export interface Forwarded {
  request: IncomingMessage;
  response: ServerResponse;
  /** A fresh connection to the target. */
  server: Socket;
  target: Target & { path: string };
  session: EgressSession;
  idleMs: number;
}

const HTTP_PORT = 80;
/** They count between two neighbours only (RFC 9110 section 7.6.1), or would tell the server of the proxy. */
const NOT_FORWARDED = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'host'],
]);

/**
 * Carries out one plain HTTP request. It is written anew from what was understood of it, to the host that was checked:
 * a header that names another host, or a body in which another request hides, never leaves as the code wrote it.
 */
export async function forward({ request, response, server, target, session, idleMs }: Forwarded): Promise<void> {
  const began = performance.now();
  const traffic = { bytesOut: 0, bytesIn: 0 };
  const end = (): void => void server.destroy();
  server.setTimeout(idleMs, end);
  response.once('close', end);
  // Node would write a body that some methods have not usually without saying where it ends.
  const framing = isChunked(request) ? { 'transfer-encoding': 'chunked' } : {};
  const outgoing = send({
    method: request.method,
    path: target.path,
    headers: { ...forwardable(request.headers), ...framing, host: authorityOf(target), connection: 'close' },
    setHost: false,
    createConnection: () => server,
  });
  const out = new Counter(session, (bytes) => (traffic.bytesOut += bytes));
  const incoming = new Counter(session, (bytes) => (traffic.bytesIn += bytes));
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
    });
    // A server may answer before it has read everything.
    if (hasBody(request)) pipeline(request, out, outgoing).catch(end);
    else outgoing.end();
    const answer = await answered;
    response.writeHead(answer.statusCode ?? 502, forwardable(answer.headers));
    await pipeline(answer, incoming, response);
  } finally {
    server.destroy();
    session.tell(
      { host: target.host, port: target.port },
      { ...traffic, milliseconds: Math.round(performance.now() - began) },
    );
  }
}

function isChunked({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined;
}

function hasBody(request: IncomingMessage): boolean {
  return isChunked(request) || request.headers['content-length'] !== undefined;
}

function forwardable(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name) && !named.has(name)));
}

function authorityOf({ host, port }: Target): string {
  return port === HTTP_PORT ? host : `${host}:${port}`;
}
