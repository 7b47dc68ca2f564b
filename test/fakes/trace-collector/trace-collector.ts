import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { LoopbackServer } from '../loopback-server.js';

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
export class TraceCollector extends LoopbackServer {
  readonly spans: CollectedSpan[] = [];
  /** What it was sent, word for word. */
  received = '';

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/v1/traces') await this.#take(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }

  async #take(request: IncomingMessage): Promise<void> {
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
