import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { LoopbackServer } from '../loopback-server.js';
import { weatherServer } from './weather-server.js';

/** The weather server over streamable HTTP: each session, or without sessions each request, has a server of its own. */
export class HttpMcpServer extends LoopbackServer {
  /** The `authorization` header of each request. */
  readonly credentials: (string | undefined)[] = [];
  /** As they began. */
  readonly sessionIds: string[] = [];
  readonly #sessions = new Map<string, StreamableHTTPServerTransport>();

  /** @param unknownSession what a request of a session that is not there gets; undefined: no sessions */
  constructor(private readonly unknownSession?: { status: number; message: string }) {
    super();
  }

  override get url(): string {
    return `${super.url}/mcp`;
  }

  /** As a restart does. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
