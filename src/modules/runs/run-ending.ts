import { Injectable } from '@nestjs/common';
import { NO_USAGE } from '@libs/agent';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { MessagesService, ThreadsService } from '../threads/index.js';
import { toIncomplete } from './message-end.js';
import type { RunChange } from './run-change.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunWriter } from './run-writer.js';
import { RunRecovery } from './run-recovery.js';
import { canFollow } from './run-state.js';
import type { RunRecord } from './runs.types.js';
import { RunsRepository } from './runs.repository.js';
import { endTime } from './step-draft.js';

/** Ends runs that no worker holds: cancelled while they waited, or expired. */
@Injectable()
export class RunEnding {
  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly steps: RunStepsRepository,
    private readonly messages: MessagesService,
    private readonly threads: ThreadsService,
    private readonly writer: RunWriter,
  ) {}

  async end(scope: TenantScope, runId: string, status: 'cancelled' | 'expired'): Promise<void> {
    const seen = await this.runs.find(scope, runId);
    if (!seen) return;
    // Locked before its steps are read: a worker that takes the run meanwhile would open others.
    const changes = await this.database.transaction(async () => {
      await this.threads.pin(scope, seen.threadId);
      const run = await this.runs.lockIdle(scope, runId);
      if (!run || !canFollow(run.status, status)) return [];
      const ending = await this.changesOf(run, status);
      await this.writer.keepAll(scope, ending);
      return ending;
    });
    await this.writer.tell(runId, changes);
  }

  private async changesOf(run: RunRecord, status: 'cancelled' | 'expired'): Promise<RunChange[]> {
    const now = new Date();
    const steps = await this.steps.ofRun(run, run.id);
    const changes: RunChange[] = [];
    for (const step of steps.filter((candidate) => candidate.status === 'in_progress')) {
      if (step.messageId !== null) {
        changes.push(...(await this.endMessage(run, step.threadId, step.messageId, status)));
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
    return [...changes, { event: `thread.run.${status}`, run: ended }];
  }

  private async endMessage(
    scope: TenantScope,
    threadId: string,
    messageId: string,
    status: 'cancelled' | 'expired',
  ): Promise<RunChange[]> {
    const message = await this.messages.find(scope, threadId, messageId);
    if (message?.status !== 'in_progress') return [];
    return [{ event: 'thread.message.incomplete', message: toIncomplete(message, `run_${status}`, new Date()) }];
  }
}
