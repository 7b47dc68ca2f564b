import { runAgent, type AgentEvent, type AgentInput, type Tool, type ToolEvent, type WebPage } from '@libs/agent';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest, FinishReason, TokenUsage } from '@libs/llm';

/** A delta, or something to do in the middle of a turn: abort, throw. */
export type ScriptStep = ChatDelta | (() => void);

/** Plays one list of deltas a turn, and remembers what it was asked. */
export class ScriptedModel implements ChatModel {
  readonly requests: ChatRequest[] = [];

  constructor(private readonly turns: ScriptStep[][]) {}

  async *stream(request: ChatRequest, options: CallOptions = {}): AsyncGenerator<ChatDelta> {
    const turn = this.turns[this.requests.length];
    this.requests.push({ ...request, messages: [...request.messages] });
    if (!turn) throw new Error('The script has no further turn.');
    for (const step of turn) {
      await Promise.resolve();
      if (typeof step === 'function') step();
      else yield step;
      if (options.signal?.aborted) throw new Error('aborted by the signal');
    }
  }
}

export const text = (value: string): ChatDelta => ({ type: 'text', text: value });
export const refusal = (value: string): ChatDelta => ({ type: 'refusal', text: value });
export const start = (index: number, id: string, name: string): ChatDelta => ({
  type: 'tool-call-start',
  index,
  id,
  name,
});
export const piece = (index: number, fragment: string): ChatDelta => ({
  type: 'tool-call-arguments',
  index,
  fragment,
});
export const finish = (reason: FinishReason): ChatDelta => ({ type: 'finish', reason });
export const tokens = (promptTokens: number, completionTokens: number): TokenUsage => ({
  promptTokens,
  completionTokens,
  cachedTokens: 0,
  reasoningTokens: 0,
});
export const usage = (promptTokens: number, completionTokens: number): ChatDelta => ({
  type: 'usage',
  usage: tokens(promptTokens, completionTokens),
});

/** The deltas of a whole call. */
export const call = (index: number, id: string, name: string, given: string): ChatDelta[] => [
  start(index, id, name),
  piece(index, given),
];

/** An interpreter that answers each call with the next list of events. */
export function fakeInterpreter(...answers: ToolEvent[][]): Tool & { calls: string[] } {
  const calls: string[] = [];
  return {
    kind: 'code_interpreter',
    shownArgument: 'code',
    definition: { name: 'code_interpreter' },
    calls,
    async *execute({ arguments: given }) {
      await Promise.resolve();
      const answer = answers[calls.length] ?? [{ type: 'result', content: 'ok' }];
      calls.push(given);
      yield* answer;
    },
  };
}

export const clientFunction = (name: string, parameters?: Record<string, unknown>): Tool => ({
  kind: 'function',
  definition: { name, ...(parameters ? { parameters } : {}) },
});

/** A function that runs here and gives back its arguments. */
export const serverFunction = (name: string, parameters?: Record<string, unknown>): Tool => ({
  ...clientFunction(name, parameters),
  async *execute({ arguments: given }) {
    await Promise.resolve();
    yield { type: 'result', content: `${name} of ${given}` };
  },
});

/** A search of the web that finds this page. */
export const searchTool = (name: string, page: WebPage): Tool => ({
  ...clientFunction(name),
  isCitedByLinks: true,
  async *execute() {
    await Promise.resolve();
    yield { type: 'pages', pages: [page] };
    yield { type: 'result', content: `${page.title}\n${page.address}` };
  },
});

/** Runs an agent over a script and gathers its events. */
export async function play(
  turns: ScriptStep[][],
  options: Partial<AgentInput> & { signal?: AbortSignal } = {},
): Promise<{ events: AgentEvent[]; model: ScriptedModel }> {
  const { signal = new AbortController().signal, ...input } = options;
  const model = new ScriptedModel(turns);
  const whole: AgentInput = {
    model,
    request: { model: 'script' },
    messages: [{ role: 'user', content: 'go' }],
    tools: [],
    toolChoice: 'auto',
    maxToolRounds: 10,
    files: new Map(),
    ...input,
  };
  const events: AgentEvent[] = [];
  for await (const event of runAgent(whole, signal)) events.push(event);
  return { events, model };
}

/** One word an event, which makes orders easy to read and compare. */
export function outline(events: AgentEvent[]): string[] {
  return events.map(lineOf);
}

function lineOf(event: AgentEvent): string {
  if (event.type === 'finished') return `finished:${event.outcome.type}`;
  if (event.type === 'text-delta') return `text(${event.step}):${event.text}`;
  if (!('index' in event)) return `${event.type}(${event.step})`;
  const place = `(${event.step}.${event.index})`;
  if (event.type === 'tool-call-started') return `call${place}:${event.id}`;
  if (event.type === 'tool-call-delta') return `input${place}:${event.fragment}`;
  if (event.type === 'tool-call-completed') return `called${place}:${event.content}`;
  return `output${place}`;
}

/** The text of the last message. */
export function answerOf(events: AgentEvent[]): string {
  const start = events.findLastIndex(({ type }) => type === 'message-started');
  return events
    .slice(Math.max(start, 0))
    .flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))
    .join('');
}

/** How it ended. */
export const outcomeOf = (events: AgentEvent[]): unknown => {
  const last = events.at(-1);
  return last?.type === 'finished' ? last.outcome : undefined;
};

/** The tokens of all steps, and what the end bears. */
export function countedTokens(events: AgentEvent[]): { promptTokens: number; completionTokens: number } {
  let [promptTokens, completionTokens] = [0, 0];
  for (const event of events) {
    if (!('usage' in event) || !event.usage || event.type === 'usage-estimated') continue;
    promptTokens += event.usage.promptTokens;
    completionTokens += event.usage.completionTokens;
  }
  return { promptTokens, completionTokens };
}
