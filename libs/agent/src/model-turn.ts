import { assertNever } from '@libs/kernel';
import type { ChatDelta, FinishReason, TokenUsage } from '@libs/llm';
import type { AgentEvent, IncompleteReason } from './events.js';
import { JsonGate } from './calls/json-gate.js';
import { JsonArgumentStream } from './json-argument-stream.js';
import { AnnotatedTextStream } from './text-stages/annotated-text-stream.js';
import type { TextStage } from './text-stages/text-stage.js';
import { isClientTool, type Tool } from './tool.js';
import { NO_USAGE } from './usage.js';

/** A tool call of the turn, with as much of its input as was already shown. */
export interface TurnToolCall {
  id: string;
  name: string;
  arguments: string;
  /** Absent: the model made the name up. */
  tool: Tool | undefined;
  shown: string;
}

export interface TurnContext {
  tools: ReadonlyMap<string, Tool>;
  /** What finds the annotations of one part of a message. */
  newTextStages(): TextStage[];
  /** Tokens, also of earlier turns, that no step bears yet; the step that ends does. */
  takeUsage(): TokenUsage;
  /** Images made since the last message; the next one shows them first. */
  takePendingImages(): string[];
  hasPendingImages(): boolean;
  nextStep(): number;
  /** Whether calls of the client's functions are shown only once they are known to be good. */
  holdsClientCalls: boolean;
}

/**
 * Reads one model turn: yields what can be shown at once (text, and the first tool call) and keeps the rest. Later calls
 * are shown one after the other once the first is done, because the wire takes one at a time.
 */
export class ModelTurn {
  readonly calls: TurnToolCall[] = [];
  text = '';
  refusal = '';
  /** Text that came after a tool call; the wire has no place for it before the call is done. */
  lateText = '';
  finish: FinishReason = 'stop';
  /** The step of the tool calls, once there are some. */
  toolStep = -1;

  private messageStep = -1;
  private messageOpen = false;
  private leadingSpace = '';
  private links: AnnotatedTextStream;
  private liveArguments: JsonArgumentStream | JsonGate = new JsonGate();
  private readonly callsByIndex = new Map<number, TurnToolCall>();

  /** @param isHidden whether its text is for the agent, not for the user; it is told as a thought */
  constructor(
    private readonly context: TurnContext,
    private readonly isHidden = false,
  ) {}

  *accept(delta: ChatDelta): Generator<AgentEvent> {
    switch (delta.type) {
      case 'text':
        yield* this.acceptText(delta.text);
        return;
      case 'refusal':
        yield* this.acceptRefusal(delta.text);
        return;
      case 'reasoning':
        yield { type: 'reasoning-delta', step: Math.max(this.messageStep, 0), text: delta.text };
        return;
      case 'tool-call-start':
        yield* this.startCall(delta.index, delta.id, delta.name);
        return;
      case 'tool-call-arguments':
        yield* this.growCall(delta.index, delta.fragment);
        return;
      case 'finish':
        this.finish = delta.reason;
        return;
      case 'usage':
        // Counted where the model is called: one turn may take several calls.
        return;
      default:
        return assertNever(delta);
    }
  }

  /**
   * Closes the message, where one is open. Called after the last delta. A model that falls silent after it made an
   * image still shows it.
   */
  *end(): Generator<AgentEvent> {
    const showsImages = this.calls.length === 0 && this.context.hasPendingImages();
    if (showsImages && !this.isHidden) yield* this.openMessage();
    if (!this.messageOpen) return;
    yield* this.closeMessage(this.context.takeUsage(), incompleteReason(this.finish));
  }

  /** Whether a message was begun. */
  get hasMessage(): boolean {
    return this.messageStep >= 0;
  }

  /** Whether the model has said and done nothing. */
  get isEmpty(): boolean {
    return this.calls.length === 0 && this.text.trim() === '' && this.refusal === '';
  }

  /** The first call that can be shown while it is written. */
  get liveCall(): TurnToolCall | undefined {
    return this.calls.find((call) => this.canBeLive(call));
  }

  /** The step of the tool calls, which begins here where none was shown before. */
  takeToolStep(): number {
    if (this.toolStep < 0) this.toolStep = this.context.nextStep();
    return this.toolStep;
  }

  /** Drops all calls but the first, or the one that was shown already. */
  keepOneCall(): void {
    const kept = this.liveCall ?? this.calls[0];
    if (kept) this.calls.splice(0, this.calls.length, kept);
  }

  private *acceptText(text: string): Generator<AgentEvent> {
    if (this.toolStep >= 0) {
      this.lateText += text;
      return;
    }
    this.text += text;
    if (this.isHidden) {
      yield { type: 'reasoning-delta', step: 0, text };
      return;
    }
    if (!this.messageOpen) {
      this.leadingSpace += text;
      if (this.leadingSpace.trim() === '') return;
      yield* this.openMessage();
      text = this.leadingSpace;
      this.leadingSpace = '';
    }
    yield* this.showText(this.links.push(text));
  }

  /** A refusal is a part of its own: text goes before or after it, with places counted anew. */
  private *acceptRefusal(text: string): Generator<AgentEvent> {
    if (this.toolStep >= 0) {
      this.lateText += text;
      return;
    }
    yield* this.openMessage();
    yield* this.showText(this.links.flush());
    this.links = new AnnotatedTextStream(this.context.newTextStages());
    this.refusal += text;
    yield { type: 'refusal-delta', step: this.messageStep, text };
  }

  private *showText(pieces: ReturnType<AnnotatedTextStream['push']>): Generator<AgentEvent> {
    for (const piece of pieces) yield { type: 'text-delta', step: this.messageStep, ...piece };
  }

  private *openMessage(): Generator<AgentEvent> {
    if (this.messageOpen) return;
    this.messageOpen = true;
    this.messageStep = this.context.nextStep();
    this.links = new AnnotatedTextStream(this.context.newTextStages());
    yield { type: 'message-started', step: this.messageStep };
    for (const fileId of this.context.takePendingImages()) {
      yield { type: 'image-added', step: this.messageStep, fileId };
    }
  }

  private *closeMessage(usage: TokenUsage, incomplete: IncompleteReason | null): Generator<AgentEvent> {
    yield* this.showText(this.links.flush());
    this.messageOpen = false;
    yield { type: 'message-completed', step: this.messageStep, incomplete, usage };
  }

  private *startCall(index: number, id: string, name: string): Generator<AgentEvent> {
    // The turn's tokens are counted on its tool step: a model server gives one count a turn.
    if (this.messageOpen) yield* this.closeMessage(NO_USAGE, null);
    const call: TurnToolCall = { id, name, arguments: '', tool: this.context.tools.get(name), shown: '' };
    const isLive = this.canBeLive(call) && this.liveCall === undefined;
    this.calls.push(call);
    this.callsByIndex.set(index, call);
    if (!isLive || !call.tool) return;
    this.toolStep = this.context.nextStep();
    if (call.tool.shownArgument !== undefined) this.liveArguments = new JsonArgumentStream(call.tool.shownArgument);
    const { kind } = call.tool;
    yield {
      type: 'tool-call-started',
      step: this.toolStep,
      index: 0,
      id,
      name,
      kind,
      byClient: isClientTool(call.tool),
    };
  }

  private canBeLive({ tool }: TurnToolCall): boolean {
    return tool !== undefined && !(this.context.holdsClientCalls && isClientTool(tool));
  }

  private *growCall(index: number, fragment: string): Generator<AgentEvent> {
    const call = this.callsByIndex.get(index);
    if (!call) return;
    call.arguments += fragment;
    if (call !== this.liveCall) return;
    const shown = this.liveArguments.push(fragment);
    if (shown === '') return;
    call.shown += shown;
    yield { type: 'tool-call-delta', step: this.toolStep, index: 0, fragment: shown };
  }
}

export function incompleteReason(finish: FinishReason): IncompleteReason | null {
  switch (finish) {
    case 'length':
      return 'max_tokens';
    case 'content_filter':
      return 'content_filter';
    case 'stop':
    case 'tool_calls':
      return null;
    default:
      return assertNever(finish);
  }
}
