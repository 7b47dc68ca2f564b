import type { ChatMessage, ToolChoice } from '@libs/llm';
import type { AgentEvent, AgentOutcome, WebPage } from '../events.js';
import { incompleteReason, type ModelTurn } from '../model-turn.js';
import { createModelOf } from '../protocols/create-model.js';
import type { Protocol } from '../protocols/protocol.js';
import { reminder } from '../reminder.js';
import { parseObject, runToolRound, type ProducedFile, type ToolRoundResult } from '../tool-round.js';
import { isClientTool, type Tool } from '../tool.js';
import type { AgentSession } from './agent-session.js';

export interface Conversation {
  messages: ChatMessage[];
  tools: readonly Tool[];
  /** Of the first turn. */
  toolChoice: ToolChoice;
  maxToolRounds: number;
  protocol: Protocol;
  /** Whether what the model says is for the agent. What it does is shown all the same. */
  isHidden?: boolean;
}

export interface ConversationEnd {
  outcome: AgentOutcome;
  /** What the model said last. */
  text: string;
  /** Whether it answered only because its rounds were used up. */
  isForced: boolean;
}

/** Rounds in a row of calls that cannot be made, after which the agent fails. */
const MOST_BAD_ROUNDS = 3;
/** Rounds in which a model repeats itself, after which it must answer. */
const MOST_REPEATING_ROUNDS = 2;
const MOST_EMPTY_TURNS = 1;
/** Of one turn, for the client to run. */
const MOST_CLIENT_CALLS = 128;

/** Turns of the model and rounds of tools, until the model has answered or cannot. */
export async function* converse(
  session: AgentSession,
  conversation: Conversation,
): AsyncGenerator<AgentEvent, ConversationEnd> {
  return yield* new ConversationLoop(session, conversation).run();
}

class ConversationLoop {
  private readonly messages: ChatMessage[];
  private readonly isHidden: boolean;
  private badRounds = 0;
  private repeatingRounds = 0;
  private emptyTurns = 0;
  private mustAnswer = false;

  constructor(
    private readonly session: AgentSession,
    private readonly conversation: Conversation,
  ) {
    this.messages = [...conversation.messages];
    this.isHidden = conversation.isHidden ?? false;
    this.mustAnswer = conversation.maxToolRounds <= 0;
  }

  async *run(): AsyncGenerator<AgentEvent, ConversationEnd> {
    const { tools, protocol, toolChoice } = this.conversation;
    const model = createModelOf(this.session, protocol, this.isHidden);
    for (let round = 0; ; round += 1) {
      const choice = this.mustAnswer ? 'none' : round === 0 ? toolChoice : 'auto';
      const question = { model, messages: this.messages, tools, toolChoice: choice, isHidden: this.isHidden };
      const turn = yield* this.session.ask(question);
      const outcome = yield* this.afterTurn(turn, choice);
      if (outcome) return { outcome, text: turn.text + turn.lateText, isForced: this.mustAnswer };
      this.mustAnswer ||= round + 1 >= this.conversation.maxToolRounds || this.repeatingRounds >= MOST_REPEATING_ROUNDS;
    }
  }

  private async *afterTurn(turn: ModelTurn, choice: ToolChoice): AsyncGenerator<AgentEvent, AgentOutcome | null> {
    const reason = incompleteReason(turn.finish);
    if (turn.calls.length === 0) return this.afterAnswer(turn, reason);
    if (reason && turn.calls.some((call) => parseObject(call.arguments) === null)) {
      yield* completeTools(turn, this.session);
      return { type: 'incomplete', reason };
    }
    if (choice === 'none') return failed(this.tooManyCalls());
    return yield* this.runTools(turn);
  }

  private afterAnswer(turn: ModelTurn, reason: ReturnType<typeof incompleteReason>): AgentOutcome | null {
    if (reason) return { type: 'incomplete', reason };
    if (!turn.isEmpty || turn.hasMessage || this.emptyTurns >= MOST_EMPTY_TURNS) return { type: 'completed' };
    this.emptyTurns += 1;
    this.messages.push(reminder(this.session.prompts.get('empty-turn')));
    return null;
  }

  private async *runTools(turn: ModelTurn): AsyncGenerator<AgentEvent, AgentOutcome | null> {
    const { session } = this;
    if (session.input.request.parallelToolCalls === false) turn.keepOneCall();
    const count = turn.calls.filter(({ tool }) => tool && isClientTool(tool)).length;
    if (count > MOST_CLIENT_CALLS) return failed(tooManyClientCalls(count));
    const context = {
      messages: this.messages,
      prompts: session.prompts,
      holdsClientCalls: session.input.holdsClientCalls ?? false,
      onFile: (file: ProducedFile) => session.addFile(file),
      onPages: (pages: readonly WebPage[]) => session.addresses.find(pages),
    };
    const round = yield* runToolRound(turn, context, session.signal);
    session.signal.throwIfAborted();
    this.messages.push(...round.messages);
    session.addresses.read(round.messages);
    if (round.clientCalls.length > 0) {
      yield { type: 'action-required', step: turn.toolStep, calls: round.clientCalls, usage: session.takeUsage() };
      return { type: 'action_required' };
    }
    yield* completeTools(turn, session);
    if (!this.isHidden) yield* session.say(turn.lateText);
    return this.judge(round);
  }

  private judge({ goodCalls, isRepeating, problem }: ToolRoundResult): AgentOutcome | null {
    this.badRounds = goodCalls > 0 || isRepeating ? 0 : this.badRounds + 1;
    this.repeatingRounds = isRepeating ? this.repeatingRounds + 1 : 0;
    if (this.badRounds < MOST_BAD_ROUNDS) return null;
    return failed(`The model made calls that cannot be run ${this.badRounds} times in a row. ${problem ?? ''}`.trim());
  }

  private tooManyCalls(): string {
    if (this.repeatingRounds > 0) return 'The model went on repeating a call instead of answering.';
    const { maxToolRounds } = this.conversation;
    return this.mustAnswer
      ? `The model went on calling tools after ${maxToolRounds} rounds instead of answering.`
      : 'The model called tools although tool_choice is "none".';
  }
}

function tooManyClientCalls(count: number): string {
  return `The model called functions of the client ${count} times in one turn; ${MOST_CLIENT_CALLS} calls are allowed.`;
}

function* completeTools(turn: ModelTurn, session: AgentSession): Generator<AgentEvent> {
  if (turn.toolStep < 0) return;
  yield { type: 'tools-completed', step: turn.toolStep, usage: session.takeUsage() };
}

function failed(message: string): AgentOutcome {
  return { type: 'failed', code: 'server_error', message };
}
