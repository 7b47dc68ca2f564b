import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../loopback-server.js';

interface Asked {
  id?: number;
  method: string;
  params: { protocolVersion?: string };
}

/** How an answer is larger than anybody reads it. */
export type Flood = 'list' | 'pages' | 'result' | 'greeting';

const LARGE = 'x'.repeat(12 * 1024 * 1024);
const PIECE = 'x'.repeat(1024 * 1024);

/** The result of what an MCP server by hand is asked that sends too much at some point. */
export function largeAnswer(flood: Flood, { method, params }: Asked): object | undefined {
  const look = { name: 'look', inputSchema: { type: 'object' } };
  switch (method) {
    case 'initialize': {
      const name = flood === 'greeting' ? LARGE : 'large';
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name, version: '1' },
      };
    }
    case 'tools/list':
      if (flood === 'list') return { tools: [{ ...look, description: LARGE }] };
      return flood === 'pages' ? { tools: [{ ...look, description: PIECE }], nextCursor: 'more' } : { tools: [look] };
    case 'tools/call':
      return { content: [{ type: 'text', text: LARGE }] };
    default:
      return undefined;
  }
}

/** Such a server over streamable HTTP. */
export class LargeAnswersServer extends LoopbackServer {
  /** @param isStream whether it answers with a stream of events, which stays open */
  constructor(
    private readonly flood: Flood,
    private readonly isStream: boolean,
  ) {
    super();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    request.setEncoding('utf8');
    const asked = JSON.parse((await request.toArray()).join('')) as Asked;
    const result = largeAnswer(this.flood, asked);
    if (result === undefined) {
      response.writeHead(202).end();
      return;
    }
    const json = JSON.stringify({ jsonrpc: '2.0', id: asked.id, result });
    response.writeHead(200, { 'content-type': this.isStream ? 'text/event-stream' : 'application/json' });
    if (!this.isStream) {
      response.end(json);
      return;
    }
    if (!response.write(`data: ${json}\n\n`)) await once(response, 'drain');
    if (json.length < LARGE.length) response.end();
  }
}
