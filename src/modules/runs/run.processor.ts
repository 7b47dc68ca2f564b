import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import { JobQueue, type JobPayloads } from '../../jobs/job-queue.js';
import { RunClaims } from './run-claims.js';
import { RunExecutor } from './run-executor.js';
import { RunReaper } from './run-reaper.js';

/** Takes runs from the queue. A job only names a run: who has not got its lease leaves it alone. */
@Injectable()
export class RunProcessor implements OnApplicationBootstrap {
  private readonly logger = new Logger('Runs');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: JobQueue,
    private readonly claims: RunClaims,
    private readonly executor: RunExecutor,
    private readonly reaper: RunReaper,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.ROLE === 'api') return;
    this.queue.process('execute-run', this.config.RUN_CONCURRENCY, (job, signal) => this.work(job, signal));
    await this.reaper.start();
  }

  private async work({ runId, traceparent }: JobPayloads['execute-run'], shutdown: AbortSignal): Promise<void> {
    if (shutdown.aborted) return;
    const claimed = await this.claims.take(runId);
    if (!claimed) return;
    if (claimed.isTakenOver) this.logger.warn({ runId }, 'Going on with a run whose worker was lost.');
    try {
      await this.executor.execute(claimed, shutdown, traceparent);
    } finally {
      await this.claims.giveBack(claimed);
    }
  }
}
