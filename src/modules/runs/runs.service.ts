import { Injectable } from '@nestjs/common';
import { invalidRequest, notFound } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { ThreadsService } from '../threads/index.js';
import type { ModifyRunDto } from './dto/run.dto.js';
import { RunEnding } from './run-ending.js';
import { isTerminal } from './run-state.js';
import { RunStream } from './run-stream.js';
import { RunWriter } from './run-writer.js';
import { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './runs.types.js';

@Injectable()
export class RunsService {
  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly threads: ThreadsService,
    private readonly writer: RunWriter,
    private readonly stream: RunStream,
    private readonly ending: RunEnding,
  ) {}

  async get(scope: TenantScope, threadId: string, id: string): Promise<RunRecord> {
    const run = await this.runs.find(scope, id, { threadId });
    if (!run) throw notFound('run', id);
    return run;
  }

  async list(scope: TenantScope, threadId: string, page: ListRequest): Promise<Page<RunRecord>> {
    await this.threads.get(scope, threadId);
    return this.runs.list(scope, page, { threadId });
  }

  async modify(scope: TenantScope, threadId: string, id: string, body: ModifyRunDto): Promise<RunRecord> {
    await this.get(scope, threadId, id);
    const modified = await this.runs.update(
      scope,
      id,
      body.metadata === undefined ? {} : { metadata: body.metadata ?? {} },
    );
    if (!modified) throw notFound('run', id);
    return modified;
  }

  /** Answers with the run as cancelling; whoever works on it, or else this process, then ends it. */
  async cancel(scope: TenantScope, threadId: string, id: string): Promise<RunRecord> {
    await this.get(scope, threadId, id);
    const cancelling = await this.database.transaction(async () => {
      const run = await this.runs.transition(scope, id, 'cancelling', {});
      if (run) await this.writer.tell(id, [{ event: 'thread.run.cancelling', run }]);
      return run;
    });
    if (!cancelling) {
      const now = await this.get(scope, threadId, id);
      if (isTerminal(now.status)) throw invalidRequest(`Cannot cancel run with status '${now.status}'.`);
      return now;
    }
    await this.stream.orderCancel(id);
    // Nobody works on it: it waited, or its worker was lost.
    if (cancelling.leaseOwner === null) await this.ending.end(scope, id, 'cancelled');
    return cancelling;
  }
}
