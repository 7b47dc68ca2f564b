import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import { JobQueue } from '../../jobs/job-queue.js';
import { RunExecutor } from './run-executor.js';
import { LEASE_MS } from './run-lease.js';
import { RunReaper } from './run-reaper.js';
import { RunsRepository } from './runs.repository.js';

/** Takes runs from the queue. A job only names a run: who has not got its lease leaves it alone. */
@Injectable()
export class RunProcessor implements OnApplicationBootstrap {
  private readonly logger = new Logger('Runs');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: JobQueue,
    private readonly runs: RunsRepository,
    private readonly executor: RunExecutor,
    private readonly reaper: RunReaper,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.ROLE === 'api') return;
    this.queue.process('execute-run', this.config.RUN_CONCURRENCY, ({ runId }, signal) => this.work(runId, signal));
    await this.reaper.start();
  }

  private async work(runId: string, shutdown: AbortSignal): Promise<void> {
    if (shutdown.aborted) return;
    // A token of each claim, not of each process: an earlier claim's late release must not end a later one's lease.
    const lease = randomUUID();
    const run = await this.runs.claim(runId, lease, LEASE_MS);
    if (!run) return;
    if (run.claims > 1) this.logger.warn({ runId, claims: run.claims }, 'Going on with a run whose worker was lost.');
    try {
      await this.executor.execute(run, lease, shutdown);
    } finally {
      await this.runs.releaseLease(runId, lease);
    }
  }
}
