import { Injectable } from '@nestjs/common';
import { notFound } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunsService } from './runs.service.js';
import type { RunStepRecord } from './runs.types.js';

@Injectable()
export class RunStepsService {
  constructor(
    private readonly runs: RunsService,
    private readonly steps: RunStepsRepository,
  ) {}

  async list(scope: TenantScope, threadId: string, runId: string, page: ListRequest): Promise<Page<RunStepRecord>> {
    await this.runs.get(scope, threadId, runId);
    return this.steps.list(scope, page, { runId });
  }

  async get(scope: TenantScope, threadId: string, runId: string, id: string): Promise<RunStepRecord> {
    await this.runs.get(scope, threadId, runId);
    const step = await this.steps.find(scope, id, { runId });
    if (!step) throw notFound('run step', id);
    return step;
  }
}
