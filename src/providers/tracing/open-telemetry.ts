import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Span, SpanAttributes, Tracer } from '@libs/agent';
import { TRACE_PARENT } from '../../common/http/index.js';

const HEXADECIMAL = 16;
const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT };

/**
 * Sends spans to a collector by OTLP over HTTP. Further variables of OpenTelemetry's, such as OTEL_TRACES_SAMPLER,
 * OTEL_EXPORTER_OTLP_HEADERS and OTEL_BSP_SCHEDULE_DELAY, are read by its own packages.
 */
export class OpenTelemetryTracer implements Tracer {
  private readonly provider: NodeTracerProvider;
  private readonly tracer: ReturnType<NodeTracerProvider['getTracer']>;

  /** @param endpoint of the collector, without `/v1/traces` */
  constructor(endpoint: string, serviceName: string) {
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.tracer = this.provider.getTracer('threadmill');
  }

  start(name: string, kind: 'internal' | 'client', attributes: SpanAttributes, parent?: string): Span {
    const span = this.tracer.startSpan(name, { kind: KINDS[kind], attributes }, contextOf(parent));
    return {
      traceparent: toTraceParent(span.spanContext()),
      set: (more) => void span.setAttributes(more),
      end: (errorType) => {
        if (errorType !== undefined) {
          span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      },
    };
  }

  /** Sends what has not been sent. */
  close(): Promise<void> {
    return this.provider.shutdown();
  }
}

function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, HEXADECIMAL);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags });
}

function toTraceParent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(HEXADECIMAL).padStart(2, '0')}`;
}
