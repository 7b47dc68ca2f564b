export type SpanAttributes = Record<string, string | number | string[]>;

/** What OpenTelemetry's conventions for generative AI demand of every span. */
export const SPAN_PROVIDER = { 'gen_ai.provider.name': 'threadmill' };

/** A piece of work that has begun. */
export interface Span {
  /** Its place, in the form of W3C's header `traceparent`: for what begins inside it, here or in another process. */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  /** @param errorType the kind of failure that ended it; absent: it went well */
  end(errorType?: string): void;
}

/** Whoever is told of the agent's work while it is done. */
export interface Tracer {
  /**
   * @param kind `client`: what is done is done by another server
   * @param parent the `traceparent` of what it belongs to; absent: a trace of its own begins
   */
  start(name: string, kind: 'internal' | 'client', attributes: SpanAttributes, parent?: string): Span;
}

/** How an agent's work is traced. */
export interface AgentTracing {
  tracer: Tracer;
  /** Of the run, or of the chat completion. */
  runId: string;
  threadId?: string;
  /** `traceparent` of the request that asked for the work. */
  parent?: string;
}
