import { once } from 'node:events';
import { chmod, open, type FileHandle } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { DialError } from './dial.js';
import type { EgressSession } from './egress-session.js';
import { forward } from './forward.js';
import { refusalOf, refusalText } from './refusals.js';
import { parseAbsolute, parseAuthority } from './targets.js';
import { tunnel } from './tunnel.js';

const MOST_CONNECTIONS = 32;
const HEADERS_TIMEOUT_MS = 10_000;
const IDLE_MS = 60_000;
const SOCKET_NAME = 'egress.sock';
const READABLE_BY_ALL = 0o666;

/**
 * An HTTP proxy for one session, on a socket in the file system that only that session sees: so nobody can pretend to
 * be another project's code. It speaks CONNECT and absolute http URLs.
 */
export class EgressProxy {
  private readonly server: Server;
  private readonly connections = new Set<Duplex>();

  private constructor(
    /** Path of the socket on the host. */
    readonly socket: string,
    /** The socket's path leads through it, when the socket is made and when it is removed. */
    private readonly folder: FileHandle,
    private readonly session: EgressSession,
  ) {
    this.server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: IDLE_MS });
    this.server.maxConnections = MOST_CONNECTIONS;
    this.server.on('connection', (client) => {
      this.connections.add(client);
      client.setTimeout(IDLE_MS, () => client.destroy());
      client.once('close', () => this.connections.delete(client));
    });
    this.server.on('connect', (request, client, head) => void this.onConnect(request, client, head));
    this.server.on('request', (request, response) => void this.onRequest(request, response));
    this.server.on('clientError', (_error, client) => void this.onMalformed(client));
  }

  /** @param directory a folder of the host's in which the code cannot write */
  static async open(directory: string, session: EgressSession): Promise<EgressProxy> {
    const folder = await open(directory);
    const proxy = new EgressProxy(join(directory, SOCKET_NAME), folder, session);
    try {
      // The path of a socket may have a hundred characters, and that of a workspace often has more.
      proxy.server.listen(`/proc/self/fd/${folder.fd}/${SOCKET_NAME}`);
      await once(proxy.server, 'listening');
      await chmod(proxy.socket, READABLE_BY_ALL);
      return proxy;
    } catch (error) {
      await proxy.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const connection of this.connections) connection.destroy();
    await closed;
    await this.folder.close();
  }

  private async onConnect({ url = '' }: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    // Whoever reads it has perhaps gone.
    client.on('error', () => client.destroy());
    if (!this.session.beginRequest()) return void client.destroy();
    const target = parseAuthority(url);
    try {
      if (target === undefined) {
        await this.session.refuseMalformed(url);
        throw new DialError('malformed');
      }
      const server = await this.session.open(target);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      await tunnel({ client, server, head, target, session: this.session, idleMs: IDLE_MS });
    } catch (error) {
      client.end(refusalText(error));
    }
  }

  private async onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    if (!this.session.beginRequest()) return void request.socket.destroy();
    const target = parseAbsolute(request.url ?? '');
    try {
      if (target === undefined) {
        await this.session.refuseMalformed(request.url ?? '');
        throw new DialError('malformed');
      }
      const server = await this.session.open(target);
      await forward({ request, response, server, target, session: this.session, idleMs: IDLE_MS });
    } catch (error) {
      const { status, message } = refusalOf(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(message);
    }
  }

  private async onMalformed(client: Duplex): Promise<void> {
    if (!this.session.beginRequest() || !client.writable) return void client.destroy();
    await this.session.refuseMalformed('');
    client.end(refusalText(new DialError('malformed')));
  }
}
