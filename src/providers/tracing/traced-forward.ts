import { SPAN_PROVIDER, type Span, type Tracer } from '@libs/agent';
import { HeldErrorAnswer, ModelError, type AroundForward, type ForwardSink } from '@libs/llm';
import { AnswerFacts } from './answer-facts.js';

const CHAT = '/chat/completions';

/** Gives each chat completion that is passed on a span of its own, under which the model server goes on. */
export function tracedForward(tracer: Tracer): AroundForward {
  return (forward, model) => (request, sink) => {
    if (request.path !== CHAT) return forward(request, sink);
    const { context } = request;
    const attributes = {
      ...SPAN_PROVIDER,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': model,
      ...(context?.runId === undefined ? {} : { 'threadmill.run.id': context.runId }),
    };
    const span = tracer.start(`chat ${model}`, 'client', attributes, context?.traceparent);
    const inside = { ...request, context: { ...context, traceparent: span.traceparent } };
    forward(inside, new TracedSink(sink, span));
  };
}

/** A sink whose span ends with its answer. */
class TracedSink implements ForwardSink {
  private error: HeldErrorAnswer | undefined;
  private facts: AnswerFacts | undefined;

  constructor(
    private readonly sink: ForwardSink,
    private readonly span: Span,
  ) {}

  onStart(status: number, headers: Record<string, string>, resume: () => void): void {
    if (status >= 400) this.error = new HeldErrorAnswer(status, headers);
    else this.facts = new AnswerFacts(headers);
    this.sink.onStart(status, headers, resume);
  }

  onData(chunk: Buffer): boolean {
    (this.error ?? this.facts)?.keep(chunk);
    return this.sink.onData(chunk);
  }

  onEnd(): void {
    this.sink.onEnd();
    if (this.facts) this.span.set(this.facts.read());
    this.span.end(this.error?.toError().kind);
  }

  onError(error: Error): void {
    this.sink.onError(error);
    this.span.end(error instanceof ModelError ? error.kind : error.name);
  }
}
