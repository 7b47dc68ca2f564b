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
    return this.database.manager.find(RunStepEntity, {
      where: { projectId: scope.projectId, runId },
      order: { sequence: 'ASC' },
    });
  }
}
