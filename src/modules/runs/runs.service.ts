import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import { invalidRequest, notFound, type AssistantTool, type ToolResources } from '@libs/openai-wire';
import { toToolResources, toTools } from '../../common/dto/index.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { JobQueue } from '../../jobs/job-queue.js';
import { AssistantsService, type AssistantRecord } from '../assistants/index.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { MessagesService, ThreadsService, toWireThread, type ThreadRecord } from '../threads/index.js';
import type { CreateRunDto, CreateThreadAndRunDto, ModifyRunDto } from './dto/run.dto.js';
import { newRun } from './new-run.js';
import type { RunChange } from './run-change.js';
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
    private readonly assistants: AssistantsService,
    private readonly threads: ThreadsService,
    private readonly messages: MessagesService,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly queue: JobQueue,
    private readonly writer: RunWriter,
    private readonly stream: RunStream,
    private readonly ending: RunEnding,
  ) {}

  async create(scope: TenantScope, threadId: string, body: CreateRunDto): Promise<RunRecord> {
    const run = await this.database.transaction(() => this.insert(scope, threadId, body, {}));
    await this.start(scope, run, []);
    return run;
  }

  async createWithThread(scope: TenantScope, body: CreateThreadAndRunDto): Promise<RunRecord> {
    const { thread: threadBody, tool_resources, ...runBody } = body;
    const [thread, run] = await this.database.transaction(async (): Promise<[ThreadRecord, RunRecord]> => {
      await this.assistants.get(scope, body.assistant_id);
      const created = await this.threads.create(scope, threadBody ?? {});
      return [created, await this.insert(scope, created.id, runBody, toToolResources(tool_resources))];
    });
    await this.start(scope, run, [{ event: 'thread.created', thread: toWireThread(thread) }]);
    return run;
  }

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
    const cancelling = await this.runs.transition(scope, id, 'cancelling', {});
    if (!cancelling) {
      const now = await this.get(scope, threadId, id);
      if (isTerminal(now.status)) throw invalidRequest(`Cannot cancel run with status '${now.status}'.`);
      return now;
    }
    await this.writer.write(scope, id, [{ event: 'thread.run.cancelling', run: cancelling }]);
    await this.stream.orderCancel(id);
    // Nobody works on it: it waited, or its worker was lost.
    if (cancelling.leaseOwner === null) await this.ending.end(scope, id, 'cancelled');
    return cancelling;
  }

  private async insert(
    scope: TenantScope,
    threadId: string,
    body: CreateRunDto,
    toolResources: ToolResources,
  ): Promise<RunRecord> {
    const assistant = await this.assistants.get(scope, body.assistant_id);
    const id = newId('run');
    const thread = await this.threads.holdForRun(scope, threadId, id);
    if (body.additional_messages?.length) await this.messages.append(scope, thread, body.additional_messages);
    await this.attachFiles(scope, assistant, threadId, toolResources);
    const tools = await this.toolsOf(scope, body, assistant, thread);
    return this.runs.insert(scope, newRun({ id, threadId, assistant, body, tools, toolResources }));
  }

  /** The files that the assistant and the run bring along; the thread's and the messages' are there already. */
  private async attachFiles(
    scope: TenantScope,
    assistant: AssistantRecord,
    threadId: string,
    toolResources: ToolResources,
  ): Promise<void> {
    const own = toolResources.code_interpreter?.file_ids ?? [];
    await this.files.getMany(scope, own);
    const fromAssistant = [...assistant.fileIds, ...(assistant.toolResources.code_interpreter?.file_ids ?? [])];
    const living = await this.files.findMany(scope, fromAssistant);
    const fileIds = [...new Set([...living.map((file) => file.id), ...own])];
    if (fileIds.length > 0) await this.workspaceFiles.attach(scope, threadId, fileIds);
  }

  /** Files given by the extension `file_ids` are there to be analysed: they bring the code interpreter along. */
  private async toolsOf(
    scope: TenantScope,
    body: CreateRunDto,
    assistant: AssistantRecord,
    thread: ThreadRecord,
  ): Promise<AssistantTool[]> {
    const tools = body.tools ? toTools(body.tools) : assistant.tools;
    if (tools.some((tool) => tool.type === 'code_interpreter')) return tools;
    const hasFiles =
      assistant.fileIds.length > 0 || thread.fileIds.length > 0 || (await this.messages.haveFileIds(scope, thread.id));
    return hasFiles ? [...tools, { type: 'code_interpreter' }] : tools;
  }

  private async start(scope: TenantScope, run: RunRecord, first: RunChange[]): Promise<void> {
    await this.writer.write(scope, run.id, [
      ...first,
      { event: 'thread.run.created', run },
      { event: 'thread.run.queued', run },
    ]);
    await this.queue.add('execute-run', { runId: run.id }, { key: run.id });
  }
}
