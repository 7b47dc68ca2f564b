import type { Span, SpanAttributes, Tracer } from '@libs/agent';

export interface KeptSpan {
  name: string;
  parent: string | undefined;
  attributes: SpanAttributes;
  /** Undefined while it has not ended, null where it went well. */
  error?: string | null;
}

/** Keeps every span; a span's `traceparent` is its name. */
export class KeepingTracer implements Tracer {
  readonly spans: KeptSpan[] = [];

  start(name: string, _kind: string, attributes: SpanAttributes, parent?: string): Span {
    const kept: KeptSpan = { name, parent, attributes: { ...attributes } };
    this.spans.push(kept);
    return {
      traceparent: name,
      set: (more) => void Object.assign(kept.attributes, more),
      end: (errorType) => void (kept.error = errorType ?? null),
    };
  }
}
