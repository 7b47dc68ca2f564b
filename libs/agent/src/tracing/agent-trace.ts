import { ModelError, type ChatDelta, type ChatModel, type TokenUsage } from '@libs/llm';
import type { AgentInput } from '../agent-input.js';
import type { AgentOutcome } from '../events.js';
import type { Tool, ToolCall, ToolEvent } from '../tool.js';
import { SPAN_PROVIDER, type AgentTracing, type Span, type SpanAttributes } from './tracer.js';

/**
 * The spans of one agent's work, by OpenTelemetry's conventions for generative AI: `invoke_agent`, in it `chat` for each call
 * of the model and `execute_tool` for each call of a tool. They bear names, ids and counts, and nothing that anybody said.
 */
export class AgentTrace {
  private readonly span: Span;

  private constructor(
    private readonly input: AgentInput,
    private readonly tracing: AgentTracing,
  ) {
    const { tracer, runId, threadId, parent } = tracing;
    const { agent, request } = input;
    const attributes = {
      'gen_ai.operation.name': 'invoke_agent',
      ...SPAN_PROVIDER,
      'gen_ai.request.model': request.model,
      'threadmill.run.id': runId,
      ...(agent === undefined ? {} : { 'gen_ai.agent.name': agent }),
      ...(threadId === undefined ? {} : { 'gen_ai.conversation.id': threadId }),
    };
    this.span = tracer.start(
      agent === undefined ? 'invoke_agent' : `invoke_agent ${agent}`,
      'internal',
      attributes,
      parent,
    );
  }

  /** Undefined where nobody wants to know. */
  static of(input: AgentInput): AgentTrace | undefined {
    return input.tracing && new AgentTrace(input, input.tracing);
  }

  /** The input with each call of its model and its tools traced. */
  get traced(): AgentInput {
    const { model, tools } = this.input;
    return { ...this.input, model: this.tracedModel(model), tools: tools.map((tool) => this.tracedTool(tool)) };
  }

  end(outcome: AgentOutcome): void {
    this.span.set({ 'threadmill.outcome': outcome.type });
    this.span.end(outcome.type === 'failed' ? outcome.code : undefined);
  }

  private tracedModel(model: ChatModel): ChatModel {
    return {
      stream: (request, options) => {
        const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': request.model };
        const open = ({ traceparent }: Span): AsyncIterable<ChatDelta> =>
          model.stream(request, { ...options, context: { ...options?.context, traceparent } });
        return this.follow(`chat ${request.model}`, 'client', attributes, open, tellOfDelta);
      },
    };
  }

  private tracedTool(tool: Tool): Tool {
    return tool.execute ? { ...tool, execute: (call, signal) => this.execute(tool, call, signal) } : tool;
  }

  private execute(tool: Tool, call: ToolCall, signal: AbortSignal): AsyncIterable<ToolEvent> {
    const { name } = tool.definition;
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': call.id,
    };
    return this.follow(`execute_tool ${name}`, 'internal', attributes, () => tool.execute?.(call, signal) ?? []);
  }

  /** Passes items on, in a span that ends where they end: by themselves, by an error, or because their reader leaves. */
  private async *follow<Item>(
    name: string,
    kind: 'internal' | 'client',
    attributes: SpanAttributes,
    open: (span: Span) => AsyncIterable<Item> | Item[],
    tell: (span: Span, item: Item) => void = () => undefined,
  ): AsyncGenerator<Item> {
    const { tracer, runId } = this.tracing;
    const common = { ...SPAN_PROVIDER, 'threadmill.run.id': runId };
    const span = tracer.start(name, kind, { ...common, ...attributes }, this.span.traceparent);
    let errorType: string | undefined;
    try {
      for await (const item of open(span)) {
        tell(span, item);
        yield item;
      }
    } catch (error) {
      errorType = errorTypeOf(error);
      throw error;
    } finally {
      span.end(errorType);
    }
  }
}

function tellOfDelta(span: Span, delta: ChatDelta): void {
  if (delta.type === 'finish') span.set({ 'gen_ai.response.finish_reasons': [delta.reason] });
  if (delta.type === 'usage') span.set(usageAttributes(delta.usage));
}

function usageAttributes({ promptTokens, completionTokens }: TokenUsage): SpanAttributes {
  return { 'gen_ai.usage.input_tokens': promptTokens, 'gen_ai.usage.output_tokens': completionTokens };
}

function errorTypeOf(error: unknown): string {
  if (error instanceof ModelError) return error.kind;
  return error instanceof Error ? error.name : 'unknown';
}
