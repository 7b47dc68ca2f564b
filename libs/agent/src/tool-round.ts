import type { ChatMessage } from '@libs/llm';
import type { AgentEvent, ClientToolCall } from './events.js';
import type { ModelTurn, TurnToolCall } from './model-turn.js';
import { isClientTool } from './tool.js';

/** What a round of tool calls leaves for the next turn. */
export interface ToolRoundResult {
  messages: ChatMessage[];
  /** Calls that wait for the client; empty if the round is complete. */
  clientCalls: ClientToolCall[];
}

export interface ToolRoundHooks {
  onFile(file: { name: string; fileId: string; isImage: boolean }): void;
}

/** Runs the turn's calls one after the other and shows each: started, input, output, completed. */
export async function* runToolRound(
  turn: ModelTurn,
  hooks: ToolRoundHooks,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ToolRoundResult> {
  const results: ChatMessage[] = [];
  const clientCalls: ClientToolCall[] = [];
  let index = 0;
  for (const call of turn.calls) {
    if (!call.tool) {
      results.push(toolMessage(call.id, unknownToolText(call.name)));
      continue;
    }
    yield* showInput(turn, call, index);
    if (call.tool.execute) {
      const content = yield* executeCall(turn.toolStep, call, index, hooks, signal);
      results.push(toolMessage(call.id, content));
    } else {
      clientCalls.push({ id: call.id, name: call.name, arguments: call.arguments });
    }
    index += 1;
  }
  return { messages: [assistantMessage(turn), ...results], clientCalls };
}

function* showInput(turn: ModelTurn, call: TurnToolCall, index: number): Generator<AgentEvent> {
  const { tool } = call;
  if (!tool) return;
  const step = turn.toolStep;
  if (call !== turn.liveCall) {
    const { id, name } = call;
    yield { type: 'tool-call-started', step, index, id, name, kind: tool.kind, byClient: isClientTool(tool) };
  }
  const whole = shownInput(call);
  const rest = whole.startsWith(call.shown) ? whole.slice(call.shown.length) : '';
  if (rest !== '') yield { type: 'tool-call-delta', step, index, fragment: rest };
}

/** The input as the wire shows it: the one argument, or all of them as written. */
function shownInput(call: TurnToolCall): string {
  const name = call.tool?.shownArgument;
  if (name === undefined) return call.arguments;
  const parsed = parseObject(call.arguments);
  const value = parsed?.[name];
  return typeof value === 'string' ? value : call.shown;
}

/** The JSON object in a text, or null. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

async function* executeCall(
  step: number,
  call: TurnToolCall,
  index: number,
  hooks: ToolRoundHooks,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, string> {
  let content = '';
  for await (const event of call.tool?.execute?.({ id: call.id, arguments: call.arguments }, signal) ?? []) {
    if (event.type === 'output') {
      yield { type: 'tool-output-delta', step, index, output: event.output };
    } else if (event.type === 'file') {
      hooks.onFile(event);
      yield { type: 'file-produced', step, name: event.name, fileId: event.fileId };
    } else {
      content = event.content;
    }
  }
  yield { type: 'tool-call-completed', step, index, arguments: call.arguments, content };
  return content;
}

/** What the model said in a turn, as it is shown it again. */
export function assistantMessage(turn: ModelTurn): ChatMessage {
  const text = turn.text + turn.lateText;
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    tool_calls: turn.calls.map((call) => ({
      id: call.id,
      type: 'function' as const,
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}

function toolMessage(callId: string, content: string): ChatMessage {
  return { role: 'tool', tool_call_id: callId, content };
}

function unknownToolText(name: string): string {
  return `There is no tool named ${JSON.stringify(name.slice(0, 100))}. Use only the tools you were given.`;
}
