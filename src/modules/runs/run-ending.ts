import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../common/principal.js';
import { MessagesService } from '../threads/index.js';
import type { RunChange } from './run-change.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunMovedOnError, RunWriter } from './run-writer.js';
import { RunRecovery } from './run-recovery.js';
import { RunsRepository } from './runs.repository.js';
import { endTime } from './step-draft.js';
import { NO_USAGE } from '@libs/agent';

/** Ends runs that no worker holds: cancelled while they waited, or expired. */
@Injectable()
export class RunEnding {
  constructor(
    private readonly runs: RunsRepository,
    private readonly steps: RunStepsRepository,
    private readonly messages: MessagesService,
    private readonly writer: RunWriter,
  ) {}

  async end(scope: TenantScope, runId: string, status: 'cancelled' | 'expired'): Promise<void> {
    const run = await this.runs.find(scope, runId);
    if (!run) return;
    const now = new Date();
    const steps = await this.steps.ofRun(scope, runId);
    const changes: RunChange[] = [];
    for (const step of steps.filter((candidate) => candidate.status === 'in_progress')) {
      if (step.messageId !== null) {
        changes.push(...(await this.endMessage(scope, step.threadId, step.messageId, status)));
      }
      changes.push({ event: `thread.run.step.${status}`, step: { ...step, ...endTime(status, now), status } });
    }
    const ended = {
      ...run,
      status,
      requiredCalls: null,
      usage: RunRecovery.usageOf(steps) ?? NO_USAGE,
      ...(status === 'cancelled' ? { cancelledAt: now, expiresAt: null } : {}),
    };
    changes.push({ event: `thread.run.${status}`, run: ended });
    try {
      await this.writer.write(scope, runId, changes);
    } catch (error) {
      // Somebody else was quicker.
      if (!(error instanceof RunMovedOnError)) throw error;
    }
  }

  private async endMessage(
    scope: TenantScope,
    threadId: string,
    messageId: string,
    status: 'cancelled' | 'expired',
  ): Promise<RunChange[]> {
    const message = await this.messages.find(scope, threadId, messageId);
    if (message?.status !== 'in_progress') return [];
    const incompleteReason = status === 'cancelled' ? 'run_cancelled' : 'run_expired';
    const ended = { ...message, status: 'incomplete' as const, incompleteReason, incompleteAt: new Date() } as const;
    return [{ event: 'thread.message.incomplete', message: ended }];
  }
}
