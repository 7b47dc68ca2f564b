import { Injectable } from '@nestjs/common';
import { addUsage, NO_USAGE } from '@libs/agent';
import type { TokenUsage } from '@libs/llm';
import type { TenantScope } from '../../common/principal.js';
import type { Claim } from '../../jobs/claim.js';
import { MessagesService } from '../threads/index.js';
import { toIncomplete } from './message-end.js';
import type { RunChange } from './run-change.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunWriter } from './run-writer.js';
import type { RunRecord, RunStepRecord } from './runs.types.js';

const INTERRUPTED = 'The server that worked on this step was stopped. The run went on without it.';

/**
 * Closes what the lost worker of a run left open. A step that had begun is not taken up again: its code may have
 * had half its effect, its text is half told. The model is asked anew and sees the finished steps.
 */
@Injectable()
export class RunRecovery {
  constructor(
    private readonly steps: RunStepsRepository,
    private readonly messages: MessagesService,
    private readonly writer: RunWriter,
  ) {}

  /** Every step of the run, none of them open. */
  async closeInterrupted(run: RunRecord, claim: Claim): Promise<RunStepRecord[]> {
    const steps: RunStepRecord[] = await this.steps.ofRun(run, run.id);
    const open = steps.filter((step) => step.status === 'in_progress');
    if (open.length === 0) return steps;
    for (const step of open) await this.writer.write(run, await this.close(run, step), claim);
    return this.steps.ofRun(run, run.id);
  }

  static usageOf(steps: readonly RunStepRecord[]): TokenUsage | null {
    if (steps.length === 0) return null;
    return steps.reduce((sum, step) => addUsage(sum, step.usage ?? NO_USAGE), NO_USAGE);
  }

  private async close(scope: TenantScope, step: RunStepRecord): Promise<RunChange[]> {
    const message = step.messageId === null ? null : await this.messages.find(scope, step.threadId, step.messageId);
    const now = new Date();
    const failed: RunStepRecord = {
      ...step,
      status: 'failed',
      failedAt: now,
      lastError: { code: 'server_error', message: INTERRUPTED },
    };
    return [
      ...(message?.status === 'in_progress'
        ? [{ event: 'thread.message.incomplete' as const, message: toIncomplete(message, 'run_failed', now) }]
        : []),
      { event: 'thread.run.step.failed', step: failed },
    ];
  }
}
