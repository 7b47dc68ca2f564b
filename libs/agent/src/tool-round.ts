import { wellFormed } from '@libs/kernel';
import type { ChatMessage } from '@libs/llm';
import { argumentsProblem } from './calls/check-arguments.js';
import { repairArguments } from './calls/repair-arguments.js';
import { keyOf, madeCalls, timesRepeated, type MadeCall } from './calls/repeated-calls.js';
import type { AgentEvent, ClientToolCall, WebPage } from './events.js';
import type { ModelTurn, TurnToolCall } from './model-turn.js';
import { parseStrictly, isObject } from './written-calls/parse-leniently.js';
import type { Prompts } from './prompts.js';
import { isClientTool } from './tool.js';

/** What a round of tool calls leaves for the next turn. */
export interface ToolRoundResult {
  messages: ChatMessage[];
  /** Calls that wait for the client; empty if the round is complete. */
  clientCalls: ClientToolCall[];
  /** Calls that were run or wait to be. */
  goodCalls: number;
  /** What was wrong with the last call that was not. */
  problem: string | null;
  /** Whether a call was refused because it had been made before, again and again. */
  isRepeating: boolean;
}

export interface ProducedFile {
  name: string;
  fileId: string;
  isImage: boolean;
}

export interface ToolRoundContext {
  /** The conversation before this turn. */
  messages: readonly ChatMessage[];
  prompts: Prompts;
  holdsClientCalls: boolean;
  onFile(file: ProducedFile): void;
  onPages(pages: readonly WebPage[]): void;
}

/** A call with the same result so often in a row, or so many times round, is not made again. */
export const MOST_REPEATS = 3;

/** Calls of one turn that run here, one after the other. */
const MOST_CALLS = 32;

/** Runs the turn's calls one after the other and shows each: started, input, output, completed. */
export async function* runToolRound(
  turn: ModelTurn,
  context: ToolRoundContext,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ToolRoundResult> {
  const round: ToolRoundResult = { messages: [], clientCalls: [], goodCalls: 0, problem: null, isRepeating: false };
  const results: ChatMessage[] = [];
  const made = madeCalls(context.messages, (name, result) => result === repeatedCall(name, context));
  let index = 0;
  let ownCalls = 0;
  for (const call of inOrderOfShowing(turn)) {
    const isOwn = !call.tool || !isClientTool(call.tool);
    if (isOwn) ownCalls += 1;
    if (isOwn && ownCalls > MOST_CALLS) {
      results.push(toolMessage(call.id, context.prompts.fill('too-many-calls', { most: MOST_CALLS })));
      continue;
    }
    const problem = problemOf(call, context, round, made);
    if (problem !== null) round.problem = problem;
    else round.goodCalls += 1;
    if (!call.tool || (problem !== null && context.holdsClientCalls && isClientTool(call.tool))) {
      results.push(toolMessage(call.id, problem ?? ''));
      continue;
    }
    yield* showInput(turn, call, index);
    if (problem !== null || call.tool.execute) {
      const content = yield* completeCall(turn.toolStep, call, index, problem, context, signal);
      results.push(toolMessage(call.id, content));
      if (problem === null) made.push({ key: keyOf(call.name, call.arguments), result: content });
    } else {
      round.clientCalls.push({ id: call.id, name: call.name, arguments: call.arguments });
    }
    index += 1;
  }
  return { ...round, messages: [assistantMessage(turn), ...results] };
}

/** The call that is shown already is the first one. */
function inOrderOfShowing({ calls, liveCall }: ModelTurn): TurnToolCall[] {
  return liveCall ? [liveCall, ...calls.filter((call) => call !== liveCall)] : calls;
}

/** Why a call cannot be made, as the model is told; null where it can. Puts its arguments right where that helps. */
function problemOf(
  call: TurnToolCall,
  context: ToolRoundContext,
  round: ToolRoundResult,
  made: readonly MadeCall[],
): string | null {
  const { prompts } = context;
  const { tool, name } = call;
  if (!tool) return prompts.fill('unknown-tool', { name: JSON.stringify(name.slice(0, 100)) });
  const repaired = repairArguments(call.arguments, tool);
  const isSayable = repaired !== null && (tool.shownArgument !== undefined || repaired.startsWith(call.shown));
  if (!isSayable) return prompts.fill('bad-arguments', { name, problem: 'They are no JSON object.' });
  call.arguments = repaired;
  const problem = argumentsProblem(tool.definition, repaired);
  if (problem !== null) return prompts.fill('bad-arguments', { name, problem });
  if (timesRepeated(made, keyOf(name, call.arguments)) < MOST_REPEATS) return null;
  round.isRepeating = true;
  return repeatedCall(name, context);
}

/** The same text each time: that is how it is known again. */
function repeatedCall(name: string, { prompts }: ToolRoundContext): string {
  return prompts.fill('repeated-call', { name, times: MOST_REPEATS });
}

function* showInput(turn: ModelTurn, call: TurnToolCall, index: number): Generator<AgentEvent> {
  const { tool } = call;
  if (!tool) return;
  const step = turn.takeToolStep();
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
  const value = parseStrictly(text);
  return isObject(value) ? value : null;
}

/** Runs the call, or says why it is not run. */
async function* completeCall(
  step: number,
  call: TurnToolCall,
  index: number,
  problem: string | null,
  context: ToolRoundContext,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, string> {
  let content = problem ?? '';
  const given = { id: call.id, arguments: call.arguments };
  for await (const event of (problem === null && call.tool?.execute?.(given, signal)) || []) {
    if (event.type === 'output') {
      yield { type: 'tool-output-delta', step, index, output: event.output };
    } else if (event.type === 'file') {
      context.onFile(event);
      yield { type: 'file-produced', step, name: event.name, fileId: event.fileId };
    } else if (event.type === 'pages') {
      context.onPages(event.pages);
    } else {
      content = wellFormed(event.content);
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
    ...(turn.calls.length === 0
      ? {}
      : {
          tool_calls: turn.calls.map((call) => ({
            id: call.id,
            type: 'function' as const,
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
  };
}

function toolMessage(callId: string, content: string): ChatMessage {
  return { role: 'tool', tool_call_id: callId, content };
}
