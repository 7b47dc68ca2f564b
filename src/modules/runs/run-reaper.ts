import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { JobQueue } from '../../jobs/job-queue.js';
import { RepeatedWork } from '../../jobs/repeated-work.js';
import { RunEnding } from './run-ending.js';
import { RunWriter } from './run-writer.js';
import { RunsRepository, type StrayRun } from './runs.repository.js';

const MOST_AT_ONCE = 500;

/**
 * Finds active runs that nobody works on: those of a lost worker, those whose job was lost, those whose time is over, and
 * those cancelled while they waited.
 */
@Injectable()
export class RunReaper implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Runs');
  private readonly rounds: RepeatedWork;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly runs: RunsRepository,
    private readonly queue: JobQueue,
    private readonly ending: RunEnding,
    private readonly writer: RunWriter,
  ) {
    this.rounds = new RepeatedWork(
      () => this.reap(),
      config.RUN_REAP_INTERVAL_SECONDS * 1000,
      (error) => this.logger.error(`Could not look for stray runs: ${errorMessage(error)}`),
    );
  }

  async start(): Promise<void> {
    if (this.config.DATABASE_URL === undefined) await this.runs.voidAllLeases();
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async reap(): Promise<void> {
    for (const stray of await this.runs.findStrays(MOST_AT_ONCE)) {
      try {
        await this.care(stray);
      } catch (error) {
        // One that cannot be helped must not keep the others from it.
        this.logger.error(`Could not care for the stray run ${stray.id}: ${errorMessage(error)}`);
      }
    }
  }

  private async care({ id, projectId, status, expired, leaseOwner }: StrayRun): Promise<void> {
    if (status === 'cancelling') await this.ending.end({ projectId }, id, 'cancelled');
    else if (expired) await this.ending.end({ projectId }, id, 'expired');
    else if (status === 'requires_action') await this.announceWaiting({ projectId }, id, leaseOwner);
    else await this.queue.add('execute-run', { runId: id }, { key: id });
  }

  /** Its worker was lost before it could tell that the run waits for its client. */
  private async announceWaiting(scope: TenantScope, id: string, leaseOwner: string | null): Promise<void> {
    const run = await this.runs.find(scope, id);
    if (run?.status === 'requires_action' && leaseOwner !== null) await this.writer.announceWaiting(run, leaseOwner);
  }
}
