import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../common/config.token.js';
import { Database } from '../../database/database.js';
import { Claim } from '../../jobs/claim.js';
import { RunEnding } from './run-ending.js';
import { RunStream } from './run-stream.js';
import { RunWriter } from './run-writer.js';
import { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './runs.types.js';

export interface ClaimedRun {
  run: RunRecord;
  claim: Claim;
  /** The worker before was lost in the middle of the run. */
  isTakenOver: boolean;
}

/** Takes runs for a worker, and gives them back. */
@Injectable()
export class RunClaims {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly writer: RunWriter,
    private readonly stream: RunStream,
    private readonly ending: RunEnding,
  ) {}

  /** Null where the run is not to be had: it has a worker, or it needs none any more. */
  async take(runId: string): Promise<ClaimedRun | null> {
    const claim = new Claim(this.config.RUN_LEASE_SECONDS * 1000);
    const taken = await this.database.transaction(async () => {
      const run = await this.runs.claim(runId, claim.token, claim.leaseMs);
      if (!run) return null;
      const isTakenOver = run.claims > 1;
      // Inside the transaction: a cancel that comes now waits, and is told of afterwards.
      if (!isTakenOver) await this.writer.tell(runId, [{ event: 'thread.run.in_progress', run }]);
      return { run, claim, isTakenOver };
    });
    if (!taken) await this.endIfGone(runId);
    return taken;
  }

  /** After the work, however it ended: done, stopped, or thrown out of. */
  async giveBack({ run, claim }: ClaimedRun): Promise<void> {
    if (claim.isGivenUp) return;
    const status = await this.runs.releaseLease(run.id, claim.token);
    // The cancel came when the work was all but done, and what the work wanted to end with was refused.
    if (status === 'cancelling') await this.ending.end(run, run.id, 'cancelled');
    if (status === null) await this.endIfGone(run.id);
  }

  /** Who follows the run of a deleted thread would wait for ever. */
  private async endIfGone(runId: string): Promise<void> {
    if (!(await this.runs.exists(runId))) await this.stream.end(runId);
  }
}
