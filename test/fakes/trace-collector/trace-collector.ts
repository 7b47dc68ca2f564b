import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span as OTLP writes it in JSON. */
interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code: number };
}

export interface CollectedSpan extends Omit<WireSpan, 'attributes'> {
  attributes: Record<string, unknown>;
}

interface TraceExport {
  resourceSpans: { scopeSpans: { spans: WireSpan[] }[] }[];
}

/** An OpenTelemetry collector that keeps what it is sent by OTLP over HTTP, in JSON. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  /** What it was sent, word for word. */
  received = '';
  readonly #server: Server = createServer((request, response) => {
    void this.#take(request).finally(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage): Promise<void> {
    if (request.url !== '/v1/traces') return;
    const body = (await json(request)) as TraceExport;
    this.received += JSON.stringify(body);
    const spans = body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    this.spans.push(...spans.map((span) => ({ ...span, attributes: plainly(span.attributes) })));
  }
}

/** `{ key, value: { stringValue } }` as `{ key: value }`; numbers that are sent as text become numbers. */
function plainly(attributes: WireSpan['attributes']): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      'intValue' in value ? Number(value['intValue']) : Object.values(value)[0],
    ]),
  );
}
