import { Injectable } from '@nestjs/common';
import { invalidRequest, notFound } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { JobQueue } from '../../jobs/job-queue.js';
import type { SubmitToolOutputsDto } from './dto/run.dto.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunWriter } from './run-writer.js';
import { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './runs.types.js';
import { completeWithOutputs, readToolOutputs } from './tool-outputs.js';

/** The run after its client's outputs, and the number of the last event before them. */
export interface ResumedRun {
  run: RunRecord;
  lastSequence: number;
}

/** Takes the outputs of functions that the client ran, and lets the run go on. */
@Injectable()
export class ToolOutputsService {
  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly steps: RunStepsRepository,
    private readonly writer: RunWriter,
    private readonly queue: JobQueue,
  ) {}

  async submit(
    scope: TenantScope,
    threadId: string,
    runId: string,
    body: SubmitToolOutputsDto,
    traceparent?: string,
  ): Promise<ResumedRun> {
    const resumed = await this.database.transaction(() => this.accept(scope, threadId, runId, body));
    const trace = traceparent === undefined ? {} : { traceparent };
    await this.queue.add('execute-run', { runId, ...trace }, { key: runId });
    return resumed;
  }

  /** Both rows change in one transaction: a run never goes on without its outputs, nor waits with them. */
  private async accept(
    scope: TenantScope,
    threadId: string,
    runId: string,
    body: SubmitToolOutputsDto,
  ): Promise<ResumedRun> {
    // Locked: of two requests the later one sees what the earlier one did, also where the run waits again already.
    const waiting = await this.runs.lock(scope, runId, { threadId });
    if (!waiting) throw notFound('run', runId);
    if (waiting.status !== 'requires_action') throw doesNotAccept(waiting.status);
    const outputs = readToolOutputs(waiting.requiredCalls ?? [], body.tool_outputs);
    if (waiting.leaseOwner !== null) await this.writer.announceWaiting(waiting, waiting.leaseOwner);
    const run = await this.runs.transition(scope, runId, 'queued', { requiredCalls: null });
    if (!run) throw new Error(`The run ${runId} is locked, but was moved on.`);
    const open = (await this.steps.ofRun(scope, runId)).find((step) => step.status === 'in_progress');
    if (!open) throw new Error(`The run ${runId} waits, but none of its steps does.`);
    const step = completeWithOutputs(open, outputs, new Date());
    const { status, completedAt, toolCalls } = step;
    await this.steps.change(scope, step.id, { status, completedAt, toolCalls });
    const first = await this.writer.tell(runId, [
      { event: 'thread.run.step.completed', step },
      { event: 'thread.run.queued', run },
    ]);
    return { run, lastSequence: first - 1 };
  }
}

function doesNotAccept(status: string): Error {
  return invalidRequest(`Runs in status "${status}" do not accept tool outputs.`);
}
