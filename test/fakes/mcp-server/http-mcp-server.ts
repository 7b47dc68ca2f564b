import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { weatherServer } from './weather-server.js';

/** The weather server over streamable HTTP: each session, or without sessions each request, has a server of its own. */
export class HttpMcpServer {
  /** The `authorization` header of each request. */
  readonly credentials: (string | undefined)[] = [];
  /** As they began. */
  readonly sessionIds: string[] = [];
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));
  readonly #sessions = new Map<string, StreamableHTTPServerTransport>();

  /** @param unknownSession what a request of a session that is not there gets; undefined: no sessions */
  constructor(private readonly unknownSession?: { status: number; message: string }) {}

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** As a restart does. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.credentials.push(request.headers.authorization);
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : await this.#begin(response);
    if (known) await known.handleRequest(request, response);
    else this.#refuse(response);
  }

  async #begin(response: ServerResponse): Promise<StreamableHTTPServerTransport> {
    const server = weatherServer();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: this.unknownSession && randomUUID,
      onsessioninitialized: (id) => {
        this.#sessions.set(id, transport);
        this.sessionIds.push(id);
      },
    });
    if (!this.unknownSession) response.on('close', () => void server.close());
    await server.connect(transport);
    return transport;
  }

  #refuse(response: ServerResponse): void {
    const { status, message } = this.unknownSession ?? { status: 404, message: 'Session not found' };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }));
  }
}
