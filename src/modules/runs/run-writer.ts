import { Injectable } from '@nestjs/common';
import { assertNever } from '@libs/kernel';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TopicEndedError } from '../../events/event-limits.js';
import type { Claim } from '../../jobs/claim.js';
import { MessagesService, ThreadsService } from '../threads/index.js';
import { toFrame, type RunChange } from './run-change.js';
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
    const kept = changes.some((change) => isKept(change)) ? await this.keepByClaim(run, changes, claim) : changes;
    const told = kept.filter(({ event }) => event !== 'thread.run.requires_action');
    const isOver = told.some((change) => endsRun(change));
    if (isOver) claim.giveUp();
    // What has ended the run is told by nobody else.
    else if (!claim.isLive) throw new RunMovedOnError(run.id);
    await this.tell(run.id, told);
    const last = kept.at(-1);
    if (last?.event === 'thread.run.requires_action' && (await this.announceWaiting(last.run, claim.token))) {
      claim.giveUp();
    }
    if (kept.length < changes.length) throw new RunMovedOnError(run.id);
  }

  /** Keeps without telling, inside the caller's transaction. */
  async keepAll(scope: TenantScope, changes: RunChange[]): Promise<void> {
    for (const change of changes) {
      const isTaken = await this.keep(scope, change);
      if (!isTaken && 'run' in change) throw new RunMovedOnError(change.run.id);
    }
  }

  /**
   * Tells what the caller keeps itself: inside its transaction where the run goes on afterwards, so that nobody who
   * sees the change only then tells its own events before.
   *
   * @returns the number of the first event that was told, 0 if none was
   */
  async tell(runId: string, changes: RunChange[]): Promise<number> {
    const frames = changes.map(toFrame).filter((frame) => frame !== null);
    if (frames.length === 0) return 0;
    try {
      return await this.stream.publish(
        runId,
        frames,
        changes.some((change) => endsRun(change)),
      );
    } catch (error) {
      throw error instanceof TopicEndedError ? new RunMovedOnError(runId) : error;
    }
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

  /**
   * Keeps what the claim's worker did.
   *
   * @returns the changes up to one of the run itself that it did not take: what came before is true all the same
   */
  private keepByClaim(run: RunRecord, changes: RunChange[], claim: Claim): Promise<RunChange[]> {
    return this.database.transaction(async () => {
      if (!(await this.runs.holdsLease(run, run.id, claim.token))) throw new RunMovedOnError(run.id);
      for (const [index, change] of changes.entries()) {
        if (!(await this.keep(run, change))) return changes.slice(0, index);
      }
      return changes;
    });
  }

  /** False where the run is in no state to take the change. */
  private async keep(scope: TenantScope, change: RunChange): Promise<boolean> {
    switch (change.event) {
      case 'thread.run.step.created':
        await this.steps.insert(scope, { ...change.step });
        return true;
      case null:
      case 'thread.run.step.completed':
      case 'thread.run.step.failed':
      case 'thread.run.step.cancelled':
      case 'thread.run.step.expired': {
        const { status, toolCalls, lastError, expiredAt, cancelledAt, failedAt, completedAt, usage } = change.step;
        const fields = { status, toolCalls, lastError, expiredAt, cancelledAt, failedAt, completedAt, usage };
        await this.steps.change(scope, change.step.id, fields);
        return true;
      }
      case 'thread.message.created':
        await this.messages.begin(scope, change.message);
        return true;
      case 'thread.message.completed':
      case 'thread.message.incomplete':
        await this.messages.finish(scope, change.message);
        return true;
      case 'thread.run.requires_action':
      case 'thread.run.completed':
      case 'thread.run.incomplete':
      case 'thread.run.failed':
      case 'thread.run.cancelled':
      case 'thread.run.expired':
        return this.keepRun(scope, change.run);
      case 'thread.created':
      case 'thread.run.created':
      case 'thread.run.queued':
      case 'thread.run.in_progress':
      case 'thread.run.cancelling':
      case 'thread.run.step.in_progress':
      case 'thread.run.step.delta':
      case 'thread.message.in_progress':
      case 'thread.message.delta':
        return true;
      default:
        return assertNever(change);
    }
  }

  private async keepRun(scope: TenantScope, run: RunRecord): Promise<boolean> {
    if (!(await this.runs.transition(scope, run.id, run.status, run))) return false;
    if (isTerminal(run.status)) await this.threads.release(scope, run.threadId, run.id);
    return true;
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

function endsRun(change: RunChange): boolean {
  return 'run' in change && isTerminal(change.run.status);
}

function isKept(change: RunChange): boolean {
  return !TOLD_ONLY.has(change.event);
}
