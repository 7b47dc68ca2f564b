import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertLongEnough, bearsToken } from '../wire/token.js';
import { answer, answerError, Refusal, type Exchange } from './exchange.js';
import { FileRoutes } from './file-routes.js';
import { HoldRoutes } from './hold-routes.js';
import { HostedSessions, type HostedOptions } from './hosted-sessions.js';
import { SessionRoutes } from './session-routes.js';

export interface SandboxHostOptions extends HostedOptions {
  /** Whoever bears it may run code here. */
  token: string;
  onError: (error: unknown) => void;
}

type Handler = (exchange: Exchange) => Promise<void> | void;
type Route = readonly [method: string, path: RegExp, handle: Handler];

const HEADERS_TIMEOUT_MS = 10_000;
/** A file may be large and its reader slow. */
const REQUEST_TIMEOUT_MS = 3_600_000;
/** Longer than callers keep connections that they do not use: they close first. */
const KEEP_ALIVE_MS = 65_000;

/** Serves the sandbox port over HTTP. Every request but that for its health bears the token. */
export class SandboxHost {
  private readonly server: Server;
  private readonly sessions: HostedSessions;
  private readonly routes: readonly Route[];

  constructor(private readonly options: SandboxHostOptions) {
    assertLongEnough(options.token);
    this.sessions = new HostedSessions(options);
    this.routes = routesOf(this.sessions);
    const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
    this.server = createServer({ ...timeouts, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      void this.serve(request, response);
    });
  }

  /** @returns the port that was taken, which is the given one unless that is 0 */
  async listen(port: number, address: string): Promise<number> {
    this.server.listen(port, address);
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends every session. The provider stays the caller's. */
  async close(): Promise<void> {
    this.server.close();
    await this.sessions.close();
    this.server.closeAllConnections();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A connection may break at any moment; whoever waits for it hears of it by its closing.
    response.on('error', () => undefined);
    try {
      const url = new URL(request.url ?? '/', 'http://host');
      if (url.pathname === '/health') return answer(response, 200, { status: 'ok' });
      if (!bearsToken(request.headers.authorization, this.options.token)) throw new Refusal(401, 'The token is wrong.');
      const [handle, id] = this.route(request.method ?? '', url.pathname);
      await handle({ request, response, url, id });
    } catch (error) {
      if (!(error instanceof Refusal)) this.options.onError(error);
      answerError(response, error);
    }
  }

  private route(method: string, path: string): [Handler, id: string] {
    for (const [wanted, pattern, handle] of this.routes) {
      const match = wanted === method ? pattern.exec(path) : null;
      if (match !== null) return [handle, match[1] ?? ''];
    }
    throw new Refusal(404, 'There is no such route.');
  }
}

function routesOf(sessions: HostedSessions): Route[] {
  const [whole, holds, files] = [new SessionRoutes(sessions), new HoldRoutes(sessions), new FileRoutes(sessions)];
  return [
    ['GET', /^\/v1\/host$/, (exchange) => whole.report(exchange)],
    ['GET', /^\/v1\/sessions$/, (exchange) => whole.list(exchange)],
    ['DELETE', /^\/v1\/sessions\/([\w-]+)$/, (exchange) => whole.kill(exchange)],
    ['POST', /^\/v1\/find$/, (exchange) => whole.find(exchange)],
    ['POST', /^\/v1\/end$/, (exchange) => whole.endOf(exchange)],
    ['POST', /^\/v1\/holds$/, (exchange) => holds.take(exchange)],
    ['POST', /^\/v1\/holds\/([\w-]+)\/renew$/, (exchange) => holds.renew(exchange)],
    ['POST', /^\/v1\/holds\/([\w-]+)\/release$/, (exchange) => holds.release(exchange)],
    ['POST', /^\/v1\/holds\/([\w-]+)\/run$/, (exchange) => holds.run(exchange)],
    ['POST', /^\/v1\/holds\/([\w-]+)\/interrupt$/, (exchange) => holds.interrupt(exchange)],
    ['POST', /^\/v1\/holds\/([\w-]+)\/pause$/, (exchange) => holds.pause(exchange)],
    ['GET', /^\/v1\/holds\/([\w-]+)\/files$/, (exchange) => files.list(exchange)],
    ['PUT', /^\/v1\/holds\/([\w-]+)\/file$/, (exchange) => files.put(exchange)],
    ['GET', /^\/v1\/holds\/([\w-]+)\/file$/, (exchange) => files.open(exchange)],
  ];
}
