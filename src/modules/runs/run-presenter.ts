import type { AgentEvent, AgentOutcome } from '@libs/agent';
import { addUsage, NO_USAGE } from '@libs/agent';
import { assertNever } from '@libs/kernel';
import type { TokenUsage } from '@libs/llm';
import { toStorable } from '../../common/storable-text.js';
import { MessageDraft } from './message-draft.js';
import type { RunChange } from './run-change.js';
import type { RunError, RunRecord, RunStepRecord } from './runs.types.js';
import { StepDraft } from './step-draft.js';

/** Why a run was stopped from outside. `lost`: by the end of this process; another one goes on with the run. */
export type StopReason = 'cancelled' | 'expired' | 'lost';

export interface PresenterContext {
  newId(kind: 'message' | 'step'): string;
  now(): Date;
}

/** The wire knows two reasons; an answer cut by a content filter has none of its own. */
const INCOMPLETE_REASONS = {
  max_tokens: 'max_completion_tokens',
  max_prompt_tokens: 'max_prompt_tokens',
  content_filter: null,
} as const;

/**
 * Folds an agent's events into what the Assistants wire shows of them, in the order of openai-wire.md section 5.2:
 * one open step at a time, and in it one open message. Knows no database and no stream.
 */
export class RunPresenter {
  private step: StepDraft | null = null;
  private message: MessageDraft | null = null;

  constructor(
    private run: RunRecord,
    private readonly context: PresenterContext,
  ) {}

  apply(event: AgentEvent, stopReason: StopReason = 'cancelled'): RunChange[] {
    return this.fold(toStorable(event), stopReason);
  }

  private fold(event: AgentEvent, stopReason: StopReason): RunChange[] {
    switch (event.type) {
      case 'message-started':
        return this.startMessage();
      case 'image-added':
        return [this.openMessage().addImage(event.fileId)];
      case 'text-delta':
        return [this.openMessage().addText(event.text, event.annotations)];
      case 'refusal-delta':
        return [this.openMessage().addRefusal(event.text)];
      case 'message-completed':
        return [this.openMessage().finish(event.incomplete), this.closeStep('completed', event.usage)];
      case 'tool-call-started':
        return this.startToolCall(event);
      case 'tool-call-delta':
        return this.openStep().addInput(event.index, event.fragment);
      case 'tool-output-delta':
        return this.openStep().addOutput(event.index, event.output);
      case 'tool-call-completed':
        return this.openStep().completeCall(event.index, event.arguments, event.content);
      case 'tools-completed':
        return [this.closeStep('completed', event.usage)];
      case 'action-required':
        return this.requireAction(event);
      case 'finished':
        this.count(event.usage ?? NO_USAGE);
        return this.finish(event.outcome, stopReason);
      case 'reasoning-delta':
      case 'usage-estimated':
      case 'file-produced':
        return [];
      default:
        return assertNever(event);
    }
  }

  private startMessage(): RunChange[] {
    const message = new MessageDraft(this.run, this.context);
    this.message = message;
    return [...this.startStep(message.id), ...message.start()];
  }

  private startStep(messageId: string | null): RunChange[] {
    this.step = new StepDraft(this.run, messageId, this.context);
    return this.step.start();
  }

  private startToolCall(event: Extract<AgentEvent, { type: 'tool-call-started' }>): RunChange[] {
    const opening = this.step ? [] : this.startStep(null);
    return [...opening, this.openStep().addCall(event)];
  }

  private closeStep(status: 'completed', usage: NonNullable<RunStepRecord['usage']>): RunChange {
    const change = this.openStep().close(status, { usage });
    this.count(usage);
    this.step = null;
    this.message = null;
    return change;
  }

  private count(usage: TokenUsage): void {
    this.run = { ...this.run, usage: addUsage(this.run.usage ?? NO_USAGE, usage) };
  }

  /** The step stays open: the outputs that the client submits close it. */
  private requireAction(event: Extract<AgentEvent, { type: 'action-required' }>): RunChange[] {
    const waiting = this.openStep().awaitOutputs(event.calls, event.usage);
    this.step = null;
    this.run = { ...this.run, status: 'requires_action', requiredCalls: event.calls };
    return [waiting, { event: 'thread.run.requires_action', run: { ...this.run, usage: null } }];
  }

  private finish(outcome: AgentOutcome, stopReason: StopReason): RunChange[] {
    switch (outcome.type) {
      case 'action_required':
        return [];
      case 'completed':
        return [this.endRun('completed', { completedAt: this.context.now() })];
      case 'incomplete':
        return [
          ...this.closeOpen('completed', 'max_tokens', null),
          this.endRun('incomplete', {
            completedAt: this.context.now(),
            incompleteReason: INCOMPLETE_REASONS[outcome.reason],
          }),
        ];
      case 'failed':
        return this.fail({ code: outcome.code, message: outcome.message });
      case 'aborted':
        return this.stop(stopReason);
      default:
        return assertNever(outcome);
    }
  }

  private fail(error: RunError): RunChange[] {
    const stepError = {
      code: error.code === 'rate_limit_exceeded' ? error.code : ('server_error' as const),
      message: error.message,
    };
    return [
      ...this.closeOpen('failed', 'run_failed', stepError),
      this.endRun('failed', { failedAt: this.context.now(), lastError: error }),
    ];
  }

  private stop(reason: StopReason): RunChange[] {
    switch (reason) {
      case 'lost':
        return [];
      case 'cancelled':
        return [
          ...this.closeOpen('cancelled', 'run_cancelled', null),
          this.endRun('cancelled', { cancelledAt: this.context.now() }),
        ];
      case 'expired':
        return [...this.closeOpen('expired', 'run_expired', null), this.endRun('expired', {})];
      default:
        return assertNever(reason);
    }
  }

  private closeOpen(
    status: 'completed' | 'failed' | 'cancelled' | 'expired',
    reason: 'max_tokens' | 'run_failed' | 'run_cancelled' | 'run_expired',
    lastError: RunStepRecord['lastError'],
  ): RunChange[] {
    const changes: RunChange[] = [];
    if (this.message) changes.push(this.message.finish(reason));
    if (this.step) changes.push(this.step.close(status, { lastError }));
    this.message = null;
    this.step = null;
    return changes;
  }

  private endRun(
    status: 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'expired',
    fields: Partial<RunRecord>,
  ): RunChange {
    const expiresAt = status === 'expired' ? this.run.expiresAt : null;
    this.run = { ...this.run, usage: this.run.usage ?? NO_USAGE, requiredCalls: null, ...fields, status, expiresAt };
    return { event: `thread.run.${status}`, run: this.run };
  }

  private openMessage(): MessageDraft {
    if (!this.message) throw new Error('No message is open.');
    return this.message;
  }

  private openStep(): StepDraft {
    if (!this.step) throw new Error('No step is open.');
    return this.step;
  }
}
