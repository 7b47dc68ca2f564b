import { assertNever, publicMessage } from '@libs/kernel';
import {
  ModelError,
  type ChatMessage,
  type ChatModel,
  type ChatRequest,
  type TokenUsage,
  type ToolChoice,
} from '@libs/llm';
import { textOfMessage, type ContextWindow, type CountTokens, type FittedPrompt } from './context-window.js';
import { CitationStage } from './citations/citation-stage.js';
import type { SourceList } from './citations/source-list.js';
import type { AgentEvent, AgentOutcome } from './events.js';
import { incompleteReason, ModelTurn, type TurnContext } from './model-turn.js';
import { FileLinkStage } from './text-stages/file-links.js';
import { assistantMessage, parseObject, runToolRound } from './tool-round.js';
import type { Tool } from './tool.js';
import { addUsage, NO_USAGE } from './usage.js';

export interface AgentInput {
  model: ChatModel;
  /** Everything of the request but messages, tools and the choice among them. */
  request: Omit<ChatRequest, 'messages' | 'tools' | 'toolChoice'>;
  messages: ChatMessage[];
  tools: Tool[];
  /** Holds for the first turn; afterwards the model chooses, else a required tool would be called for ever. */
  toolChoice: ToolChoice;
  /** After so many rounds of tools the model must answer. */
  maxToolRounds: number;
  /** Tokens the model may write in all turns together. */
  maxCompletionTokens?: number;
  /** For turns that the model server does not count. Absent: they count as nothing. */
  countTokens?: CountTokens;
  /** Makes each prompt fit. Absent: prompts are sent as they are. */
  contextWindow?: ContextWindow;
  /** Files that links in messages may name: name in the workspace -> file id. Tools' files are added to it. */
  files: Map<string, string>;
  /** What messages may cite. Absent: what looks like a citation is plain text. */
  sources?: SourceList;
  /** Images made earlier that no message has shown yet. */
  pendingImages?: string[];
}

/** Runs the conversation to its end. Never throws: what goes wrong is the outcome of `finished`. */
export async function* runAgent(input: AgentInput, signal: AbortSignal): AsyncGenerator<AgentEvent> {
  let outcome: AgentOutcome;
  try {
    outcome = yield* new AgentLoop(input, signal).run();
  } catch (error) {
    outcome = signal.aborted ? { type: 'aborted' } : toFailure(error);
  }
  yield { type: 'finished', outcome };
}

class AgentLoop {
  private readonly tools: ReadonlyMap<string, Tool>;
  private readonly messages: ChatMessage[];
  private readonly context: TurnContext;
  private steps = 0;
  private pendingImages: string[];
  private spentTokens = 0;
  private spentPromptTokens = 0;
  private uncountedUsage: TokenUsage = NO_USAGE;

  constructor(
    private readonly input: AgentInput,
    private readonly signal: AbortSignal,
  ) {
    this.tools = new Map(input.tools.map((tool) => [tool.definition.name, tool]));
    this.messages = [...input.messages];
    this.pendingImages = [...(input.pendingImages ?? [])];
    this.context = {
      tools: this.tools,
      newTextStages: () => [
        ...(input.sources ? [new CitationStage(input.sources)] : []),
        new FileLinkStage(input.files),
      ],
      nextStep: () => this.steps++,
      takePendingImages: () => this.pendingImages.splice(0),
      hasPendingImages: () => this.pendingImages.length > 0,
      takeUncountedUsage: () => this.takeUncountedUsage(),
    };
  }

  async *run(): AsyncGenerator<AgentEvent, AgentOutcome> {
    for (let round = 0; ; round += 1) {
      const maxTokens = this.remainingTokens();
      if (maxTokens !== undefined && maxTokens <= 0) return { type: 'incomplete', reason: 'max_tokens' };
      const prompt = await this.fitPrompt(maxTokens);
      if (prompt === null) return { type: 'incomplete', reason: 'max_prompt_tokens' };
      const turn = yield* this.takeTurn(round, prompt);
      const outcome = yield* this.afterTurn(turn, round);
      if (outcome) return outcome;
      if (!turn.isCounted) this.uncountedUsage = addUsage(this.uncountedUsage, turn.usage);
    }
  }

  private takeUncountedUsage(): TokenUsage {
    const usage = this.uncountedUsage;
    this.uncountedUsage = NO_USAGE;
    return usage;
  }

  private remainingTokens(): number | undefined {
    const { maxCompletionTokens, request } = this.input;
    if (maxCompletionTokens === undefined) return request.maxTokens;
    return Math.min(maxCompletionTokens - this.spentTokens, request.maxTokens ?? Infinity);
  }

  private async fitPrompt(maxTokens: number | undefined): Promise<FittedPrompt | null> {
    const { contextWindow } = this.input;
    if (!contextWindow) return { messages: this.messages, maxTokens };
    return contextWindow.fit(this.messages, this.spentPromptTokens, maxTokens);
  }

  private async *takeTurn(round: number, { messages, maxTokens }: FittedPrompt): AsyncGenerator<AgentEvent, ModelTurn> {
    const { request, model } = this.input;
    const turn = new ModelTurn(this.context);
    const tools = [...this.tools.values()].map((tool) => tool.definition);
    const deltas = model.stream(
      {
        ...request,
        messages,
        ...(maxTokens === undefined ? {} : { maxTokens }),
        ...(tools.length === 0 ? {} : { tools, toolChoice: this.toolChoice(round) }),
      },
      { signal: this.signal },
    );
    for await (const delta of deltas) {
      this.signal.throwIfAborted();
      yield* turn.accept(delta);
    }
    this.signal.throwIfAborted();
    if (!turn.isUsageKnown) yield* this.estimateUsage(turn, messages);
    yield* turn.end();
    this.spentTokens += turn.usage.completionTokens;
    this.spentPromptTokens += turn.usage.promptTokens;
    return turn;
  }

  private async *estimateUsage(turn: ModelTurn, messages: ChatMessage[]): AsyncGenerator<AgentEvent> {
    const { countTokens } = this.input;
    if (!countTokens) return;
    turn.usage = {
      ...NO_USAGE,
      promptTokens: await countTokens(messages.map(textOfMessage).join('\n')),
      completionTokens: await countTokens(textOfMessage(assistantMessage(turn))),
    };
    yield { type: 'usage-estimated', step: Math.max(this.steps - 1, 0), usage: turn.usage };
  }

  private toolChoice(round: number): ToolChoice {
    if (round >= this.input.maxToolRounds) return 'none';
    return round === 0 ? this.input.toolChoice : 'auto';
  }

  private async *afterTurn(turn: ModelTurn, round: number): AsyncGenerator<AgentEvent, AgentOutcome | null> {
    const reason = incompleteReason(turn.finish);
    if (turn.calls.length === 0) return reason ? { type: 'incomplete', reason } : { type: 'completed' };
    if (reason && turn.calls.some((call) => parseObject(call.arguments) === null)) {
      yield* this.completeTools(turn);
      return { type: 'incomplete', reason };
    }
    if (round >= this.input.maxToolRounds) {
      return { type: 'failed', code: 'server_error', message: tooManyRoundsText(this.input.maxToolRounds) };
    }
    return yield* this.runTools(turn);
  }

  private async *runTools(turn: ModelTurn): AsyncGenerator<AgentEvent, AgentOutcome | null> {
    if (this.input.request.parallelToolCalls === false) turn.keepOneCall();
    const hooks = {
      onFile: (file: { name: string; fileId: string; isImage: boolean }): void => {
        this.input.files.set(file.name, file.fileId);
        if (file.isImage) this.pendingImages.push(file.fileId);
      },
    };
    const { messages, clientCalls } = yield* runToolRound(turn, hooks, this.signal);
    this.signal.throwIfAborted();
    this.messages.push(...messages);
    if (clientCalls.length > 0) {
      yield { type: 'action-required', step: turn.toolStep, calls: clientCalls, usage: turn.takeStepUsage() };
      return { type: 'action_required' };
    }
    yield* this.completeTools(turn);
    if (turn.lateText.trim() !== '') yield* this.showLateText(turn.lateText);
    return null;
  }

  private *completeTools(turn: ModelTurn): Generator<AgentEvent> {
    if (turn.toolStep < 0) return;
    yield { type: 'tools-completed', step: turn.toolStep, usage: turn.takeStepUsage() };
  }

  private *showLateText(text: string): Generator<AgentEvent> {
    const late = new ModelTurn(this.context);
    yield* late.accept({ type: 'text', text });
    yield* late.end();
  }
}

function tooManyRoundsText(rounds: number): string {
  return `The model went on calling tools after ${rounds} rounds instead of answering.`;
}

function toFailure(error: unknown): AgentOutcome {
  if (!(error instanceof ModelError)) {
    return { type: 'failed', code: 'server_error', message: publicMessage(error), cause: error };
  }
  switch (error.kind) {
    case 'rate_limited':
      return { type: 'failed', code: 'rate_limit_exceeded', message: error.message };
    case 'rejected':
      return { type: 'failed', code: 'invalid_prompt', message: error.message };
    case 'unavailable':
    case 'timeout':
    case 'model_not_found':
    case 'failed':
    case 'aborted':
      return { type: 'failed', code: 'server_error', message: error.message };
    default:
      return assertNever(error.kind);
  }
}
