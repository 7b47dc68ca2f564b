import { Injectable } from '@nestjs/common';
import { assertNever } from '@libs/kernel';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TopicEndedError } from '../../events/event-limits.js';
import type { Claim } from '../../jobs/claim.js';
import { MessagesService, ThreadsService } from '../threads/index.js';
import { toFrame, type RunChange, type RunFrame } from './run-change.js';
import { isTerminal } from './run-state.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunStream } from './run-stream.js';
import { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './runs.types.js';

/** The run is no longer where it was thought to be: cancelled, expired, deleted or taken over meanwhile. */
export class RunMovedOnError extends Error {
  constructor(runId: string) {
    super(`The run ${runId} moved on without its worker.`);
    this.name = 'RunMovedOnError';
  }
}

/** Keeps what happened, then tells it: whoever hears of an object can read it. Deltas are told only. */
@Injectable()
export class RunWriter {
  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly steps: RunStepsRepository,
    private readonly messages: MessagesService,
    private readonly threads: ThreadsService,
    private readonly stream: RunStream,
  ) {}

  /** What a worker did. Where its claim is no longer the run's, nothing is written (RunMovedOnError). */
  async write(run: RunRecord, changes: RunChange[], claim: Claim): Promise<void> {
    if (changes.some((change) => isKept(change))) {
      await this.database.transaction(async () => {
        if (!(await this.runs.holdsLease(run, run.id, claim.token))) throw new RunMovedOnError(run.id);
        await this.keepAll(run, changes);
      });
    }
    const isOver = changes.some((change) => 'run' in change && isTerminal(change.run.status));
    if (isOver) claim.giveUp();
    for (const change of changes) {
      // What has ended the run is told by nobody else.
      if (!isOver && !claim.isLive) throw new RunMovedOnError(run.id);
      if (change.event !== 'thread.run.requires_action') await this.tell(run.id, [change]);
      else if (await this.announceWaiting(change.run, claim.token)) claim.giveUp();
    }
  }

  /** Keeps without telling, inside the caller's transaction. */
  async keepAll(scope: TenantScope, changes: RunChange[]): Promise<void> {
    for (const change of changes) await this.keep(scope, change);
  }

  /**
   * Tells what the caller keeps itself: inside its transaction where the run goes on afterwards, so that nobody who
   * sees the change only then tells its own events before.
   *
   * @returns the number of the first event that was told, 0 if none was
   */
  async tell(runId: string, changes: RunChange[]): Promise<number> {
    let first = 0;
    for (const change of changes) {
      const frame = toFrame(change);
      if (frame) {
        const sequence = await this.publish(runId, frame);
        first ||= sequence;
      }
      if ('run' in change && isTerminal(change.run.status)) await this.stream.end(runId);
    }
    return first;
  }

  /**
   * Tells that a run waits for its client, unless that was told already or is no longer so. Clients who poll see it
   * before, and may answer or cancel at once: then their request takes the lease that stands for "not told yet".
   *
   * @returns whether it was told now
   */
  announceWaiting(run: RunRecord, leaseOwner: string): Promise<boolean> {
    return this.database.transaction(async () => {
      if (!(await this.runs.releaseWaiting(run.id, leaseOwner))) return false;
      await this.tell(run.id, [{ event: 'thread.run.requires_action', run: { ...run, usage: null } }]);
      return true;
    });
  }

  private async publish(runId: string, frame: RunFrame): Promise<number> {
    try {
      return await this.stream.publish(runId, frame);
    } catch (error) {
      throw error instanceof TopicEndedError ? new RunMovedOnError(runId) : error;
    }
  }

  private async keep(scope: TenantScope, change: RunChange): Promise<void> {
    switch (change.event) {
      case 'thread.run.step.created':
        await this.steps.insert(scope, { ...change.step });
        return;
      case null:
      case 'thread.run.step.completed':
      case 'thread.run.step.failed':
      case 'thread.run.step.cancelled':
      case 'thread.run.step.expired': {
        const { status, toolCalls, lastError, expiredAt, cancelledAt, failedAt, completedAt, usage } = change.step;
        const fields = { status, toolCalls, lastError, expiredAt, cancelledAt, failedAt, completedAt, usage };
        await this.steps.change(scope, change.step.id, fields);
        return;
      }
      case 'thread.message.created':
        await this.messages.begin(scope, change.message);
        return;
      case 'thread.message.completed':
      case 'thread.message.incomplete':
        await this.messages.finish(scope, change.message);
        return;
      case 'thread.run.requires_action':
      case 'thread.run.completed':
      case 'thread.run.incomplete':
      case 'thread.run.failed':
      case 'thread.run.cancelled':
      case 'thread.run.expired':
        await this.keepRun(scope, change.run);
        return;
      case 'thread.created':
      case 'thread.run.created':
      case 'thread.run.queued':
      case 'thread.run.in_progress':
      case 'thread.run.cancelling':
      case 'thread.run.step.in_progress':
      case 'thread.run.step.delta':
      case 'thread.message.in_progress':
      case 'thread.message.delta':
        return;
      default:
        assertNever(change);
    }
  }

  private async keepRun(scope: TenantScope, run: RunRecord): Promise<void> {
    if (!(await this.runs.transition(scope, run.id, run.status, run))) throw new RunMovedOnError(run.id);
    if (isTerminal(run.status)) await this.threads.release(scope, run.threadId, run.id);
  }
}

/** Events that only repeat what another one of the same moment keeps. */
const TOLD_ONLY = new Set<RunChange['event']>([
  'thread.created',
  'thread.run.created',
  'thread.run.queued',
  'thread.run.in_progress',
  'thread.run.cancelling',
  'thread.run.step.in_progress',
  'thread.run.step.delta',
  'thread.message.in_progress',
  'thread.message.delta',
]);

function isKept(change: RunChange): boolean {
  return !TOLD_ONLY.has(change.event);
}
