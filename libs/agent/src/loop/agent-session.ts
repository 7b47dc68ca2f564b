import type { ChatDelta, ChatMessage, ChatModel, ChatRequest, TokenUsage, ToolChoice } from '@libs/llm';
import type { AgentInput } from '../agent-input.js';
import { CitationStage } from '../citations/citation-stage.js';
import type { FittedPrompt } from '../context-window.js';
import type { AgentEvent, AgentOutcome } from '../events.js';
import { MeteredModel } from '../model-layers/metered-model.js';
import { ModelTurn, type TurnContext } from '../model-turn.js';
import { BUILT_IN_PROMPTS, type Prompts } from '../prompts.js';
import { FileLinkStage } from '../text-stages/file-links.js';
import type { Tool } from '../tool.js';
import { ReadAddresses } from '../web-links/read-addresses.js';
import { WebLinkStage } from '../web-links/web-link-stage.js';
import { TokenLedger } from './token-ledger.js';

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
  /** The input's model, counted and kept to the budget. */
  readonly model: MeteredModel;
  /** What messages may link to after a search of the web. */
  readonly addresses: ReadAddresses;
  private readonly context: Omit<TurnContext, 'tools'>;
  private steps = 0;
  private readonly pendingImages: string[];
  private readonly ledger: TokenLedger;

  constructor(
    readonly input: AgentInput,
    readonly signal: AbortSignal,
  ) {
    this.prompts = input.prompts ?? BUILT_IN_PROMPTS;
    this.ledger = new TokenLedger(input.maxCompletionTokens);
    this.model = new MeteredModel(input.model, this.ledger, input.countTokens);
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
      takeUsage: () => this.takeUsage(),
    };
  }

  /** One turn of the model. Throws BudgetSpent where there is no room for one. */
  async *ask(question: Question): AsyncGenerator<AgentEvent, ModelTurn> {
    const maxTokens = this.ledger.limitOf(this.input.request.maxTokens);
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
    const usage = this.model.takeEstimate();
    if (usage) yield { type: 'usage-estimated', step: Math.max(this.steps - 1, 0), usage };
    yield* turn.end();
    return turn;
  }

  /** Tokens that no step bears yet, for the next one to bear, or the end. */
  takeUsage(): TokenUsage {
    return this.ledger.take();
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

  private async fitPrompt(messages: ChatMessage[], maxTokens: number | undefined): Promise<FittedPrompt | null> {
    const { contextWindow } = this.input;
    if (!contextWindow) return { messages, maxTokens };
    return contextWindow.fit(messages, this.ledger.spent.promptTokens, maxTokens);
  }
}
