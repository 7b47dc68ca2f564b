import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { TenantRepository } from '../../database/tenant-repository.js';
import { RunStepEntity } from './entities/run-step.entity.js';

@Injectable()
export class RunStepsRepository extends TenantRepository<RunStepEntity> {
  constructor(database: Database) {
    super(database, RunStepEntity, ['runId']);
  }

  /** Every step of a run, oldest first. */
  ofRun(scope: TenantScope, runId: string): Promise<RunStepEntity[]> {
    return this.listed(scope, { runId }, 'ASC');
  }

  /** The id of the thread's last completed call of the code interpreter; null if there was none. */
  async lastCodeCall(scope: TenantScope, threadId: string): Promise<string | null> {
    const step = await this.database.manager
      .createQueryBuilder(RunStepEntity, 'step')
      // By way of the runs, whose index leads from the thread to them.
      .innerJoin('step.run', 'run', 'run.threadId = :threadId', { threadId })
      .where('step.projectId = :projectId', { projectId: scope.projectId })
      .andWhere("step.type = 'tool_calls' AND step.status = 'completed'")
      .andWhere('step.toolCalls @> :calls', { calls: JSON.stringify([{ kind: 'code_interpreter' }]) })
      .orderBy('step.sequence', 'DESC')
      .limit(1)
      .getOne();
    const calls = step?.toolCalls.filter(({ kind }) => kind === 'code_interpreter') ?? [];
    return calls.at(-1)?.id ?? null;
  }
}
