import { newId } from '@libs/kernel';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '@libs/llm';
import { CallTextStream, type CallTextEvent } from '../written-calls/call-text-stream.js';
import type { WrittenCall } from '../written-calls/written-call.js';
import { readText } from './text-layer.js';

/** Far from the places that servers count for calls of their own. */
const FIRST_INDEX = 1_000_000;

/** A model whose calls, where it writes them as text, are told as calls. Only where tools are offered. */
export class WrittenCallsModel implements ChatModel {
  constructor(private readonly model: ChatModel) {}

  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatDelta> {
    const tools = request.tools ?? [];
    if (tools.length === 0) return this.model.stream(request, options);
    const stream = new CallTextStream(new Map(tools.map((tool) => [tool.name, tool])));
    let count = 0;
    const toDeltas = (event: CallTextEvent): ChatDelta[] =>
      event.type === 'text' ? [event] : event.calls.flatMap((call) => callDeltas(call, FIRST_INDEX + count++));
    return readText(this.model.stream(request, options), {
      push: (text) => stream.push(text).flatMap(toDeltas),
      end: (reason) => stream.end(reason === 'length' || reason === 'content_filter').flatMap(toDeltas),
    });
  }
}

function callDeltas({ name, arguments: given }: WrittenCall, index: number): ChatDelta[] {
  return [
    { type: 'tool-call-start', index, id: newId('toolCall'), name },
    { type: 'tool-call-arguments', index, fragment: given },
  ];
}
