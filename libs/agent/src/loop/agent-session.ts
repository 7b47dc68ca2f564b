import type { ChatDelta, ChatMessage, ChatModel, ChatRequest, TokenUsage, ToolChoice } from '@libs/llm';
import type { AgentInput } from '../agent-input.js';
import { CitationStage } from '../citations/citation-stage.js';
import { textOfMessage, type FittedPrompt } from '../context-window.js';
import type { AgentEvent, AgentOutcome } from '../events.js';
import { ModelTurn, type TurnContext } from '../model-turn.js';
import { BUILT_IN_PROMPTS, type Prompts } from '../prompts.js';
import { FileLinkStage } from '../text-stages/file-links.js';
import { assistantMessage } from '../tool-round.js';
import type { Tool } from '../tool.js';
import { addUsage, NO_USAGE } from '../usage.js';
import { ReadAddresses } from '../web-links/read-addresses.js';
import { WebLinkStage } from '../web-links/web-link-stage.js';

/** What is asked of the model in one turn. */
export interface Question {
  model: ChatModel;
  messages: ChatMessage[];
  tools: readonly Tool[];
  toolChoice: ToolChoice;
  /** In place of the request's. */
  temperature?: number | undefined;
  /** Whether the answer is for the agent: it is told as a thought, and need not be of the form that the user wants. */
  isHidden: boolean;
}

/** A budget is used up, or nothing more fits: the agent ends here, whatever it was about to do. */
export class BudgetSpent extends Error {
  constructor(readonly reason: Extract<AgentOutcome, { type: 'incomplete' }>['reason']) {
    super(`The budget is spent: ${reason}`);
    this.name = 'BudgetSpent';
  }
}

/**
 * What all that an agent does has in common: its model, its budgets of tokens, the count of its steps, its images, and the
 * signal that stops it.
 */
export class AgentSession {
  readonly prompts: Prompts;
  /** What messages may link to after a search of the web. */
  readonly addresses: ReadAddresses;
  private readonly context: Omit<TurnContext, 'tools'>;
  private steps = 0;
  private readonly pendingImages: string[];
  private spentTokens = 0;
  private spentPromptTokens = 0;
  private uncountedUsage: TokenUsage = NO_USAGE;

  constructor(
    readonly input: AgentInput,
    readonly signal: AbortSignal,
  ) {
    this.prompts = input.prompts ?? BUILT_IN_PROMPTS;
    this.pendingImages = [...(input.pendingImages ?? [])];
    const cited = input.tools.filter(({ isCitedByLinks }) => isCitedByLinks).map(({ definition }) => definition.name);
    this.addresses = new ReadAddresses(new Set(cited));
    this.addresses.read(input.messages);
    this.context = {
      newTextStages: () => [
        ...(input.sources ? [new CitationStage(input.sources)] : []),
        ...(cited.length > 0 ? [new WebLinkStage(this.addresses)] : []),
        new FileLinkStage(input.files),
      ],
      holdsClientCalls: input.holdsClientCalls ?? false,
      nextStep: () => this.steps++,
      takePendingImages: () => this.pendingImages.splice(0),
      hasPendingImages: () => this.pendingImages.length > 0,
      takeUncountedUsage: () => this.takeUncountedUsage(),
    };
  }

  /** One turn of the model. Throws BudgetSpent where there is no room for one. */
  async *ask(question: Question): AsyncGenerator<AgentEvent, ModelTurn> {
    const maxTokens = this.remainingTokens();
    if (maxTokens !== undefined && maxTokens <= 0) throw new BudgetSpent('max_tokens');
    const prompt = await this.fitPrompt(question.messages, maxTokens);
    if (prompt === null) throw new BudgetSpent('max_prompt_tokens');
    const tools = new Map(question.tools.map((tool) => [tool.definition.name, tool]));
    const turn = new ModelTurn({ ...this.context, tools }, question.isHidden);
    for await (const delta of question.model.stream(this.toRequest(question, prompt), { signal: this.signal })) {
      this.signal.throwIfAborted();
      for (const event of turn.accept(delta)) {
        // What is thought would tell what may not be said.
        if (event.type !== 'reasoning-delta' || !this.foundNothing) yield event;
      }
    }
    this.signal.throwIfAborted();
    if (!turn.isUsageKnown) yield* this.estimateUsage(turn, prompt.messages);
    yield* turn.end();
    this.spentTokens += turn.usage.completionTokens;
    this.spentPromptTokens += turn.usage.promptTokens;
    return turn;
  }

  /** Tokens of a turn that no step bears, for the next one to bear. */
  keepUncounted(turn: ModelTurn): void {
    if (!turn.isCounted) this.uncountedUsage = addUsage(this.uncountedUsage, turn.usage);
  }

  addFile(file: { name: string; fileId: string; isImage: boolean }): void {
    this.input.files.set(file.name, file.fileId);
    // In tags, files stand in the text, and programs read it from the first part of a message.
    if (file.isImage && this.input.protocol !== 'tags') this.pendingImages.push(file.fileId);
  }

  /** Whether only what was found may be told, and that is nothing so far. */
  get foundNothing(): boolean {
    return this.input.grounding?.sources.isEmpty === true;
  }

  /** A message that no model wrote just now: an answer that was held back, or text that came late. */
  *say(text: string): Generator<AgentEvent> {
    if (text.trim() !== '') yield* this.tell({ type: 'text', text });
  }

  /** In the place of an answer; apart from it where that would be JSON. */
  *refuse(text: string): Generator<AgentEvent> {
    const { responseFormat } = this.input.request;
    const isJson = responseFormat !== undefined && responseFormat.type !== 'text';
    yield* this.tell({ type: isJson ? 'refusal' : 'text', text });
  }

  private *tell(delta: Extract<ChatDelta, { type: 'text' | 'refusal' }>): Generator<AgentEvent> {
    const turn = new ModelTurn({ ...this.context, tools: new Map() });
    yield* turn.accept(delta);
    yield* turn.end();
  }

  private toRequest({ tools, toolChoice, temperature, isHidden }: Question, prompt: FittedPrompt): ChatRequest {
    const { responseFormat, ...request } = this.input.request;
    return {
      ...request,
      ...(responseFormat && !isHidden ? { responseFormat } : {}),
      ...(temperature === undefined ? {} : { temperature }),
      messages: prompt.messages,
      ...(prompt.maxTokens === undefined ? {} : { maxTokens: prompt.maxTokens }),
      ...(tools.length === 0 ? {} : { tools: tools.map(({ definition }) => definition), toolChoice }),
    };
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

  private async fitPrompt(messages: ChatMessage[], maxTokens: number | undefined): Promise<FittedPrompt | null> {
    const { contextWindow } = this.input;
    if (!contextWindow) return { messages, maxTokens };
    return contextWindow.fit(messages, this.spentPromptTokens, maxTokens);
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
}
