import { Injectable } from '@nestjs/common';
import { assertNever } from '@libs/kernel';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
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

  /**
   * @param lease the worker's claim: where it is no longer the run's, nothing is written (RunMovedOnError)
   * @returns the number of the first event that was told, 0 if none was
   */
  async write(scope: TenantScope, runId: string, changes: RunChange[], lease?: string): Promise<number> {
    if (changes.some((change) => isKept(change))) {
      await this.database.transaction(async () => {
        if (lease !== undefined && !(await this.runs.holdsLease(scope, runId, lease))) throw new RunMovedOnError(runId);
        for (const change of changes) await this.keep(scope, change);
      });
    }
    return this.tell(runId, changes);
  }

  /**
   * Tells what the caller keeps itself. Called inside the caller's transaction, so that no worker, which sees the
   * change only afterwards, tells its own events before.
   *
   * @returns the number of the first event that was told, 0 if none was
   */
  async tell(runId: string, changes: RunChange[]): Promise<number> {
    let first = 0;
    for (const change of changes) {
      const frame = toFrame(change);
      if (frame) {
        const sequence = await this.stream.publish(runId, frame);
        first ||= sequence;
      }
      if ('run' in change && isTerminal(change.run.status)) await this.stream.end(runId);
    }
    return first;
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
        await this.steps.update(scope, change.step.id, fields);
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
