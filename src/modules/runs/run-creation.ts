import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import type { AssistantTool, ToolResources } from '@libs/openai-wire';
import { toTools } from '../../common/dto/index.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import { JobQueue } from '../../jobs/job-queue.js';
import { AssistantsService, type AssistantRecord } from '../assistants/index.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { MessagesService, ThreadsService, toWireThread, type ThreadRecord } from '../threads/index.js';
import { BuiltInTools } from '../tools/index.js';
import { StoreResources } from '../vector-stores/index.js';
import type { CreateRunDto, CreateThreadAndRunDto } from './dto/run.dto.js';
import { newRun } from './new-run.js';
import type { RunChange } from './run-change.js';
import { RunWriter } from './run-writer.js';
import { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './runs.types.js';

/** What a run is made of. */
interface RunParts {
  id: string;
  body: CreateRunDto;
  assistant: AssistantRecord;
  thread: ThreadRecord;
  /** Whether any message of the thread bears the extension `file_ids`. */
  haveFiles: () => boolean | Promise<boolean>;
  toolResources: ToolResources;
}

/** Creates runs: takes the thread, gathers the files, and hands the run to the workers. */
@Injectable()
export class RunCreation {
  constructor(
    private readonly database: Database,
    private readonly runs: RunsRepository,
    private readonly assistants: AssistantsService,
    private readonly threads: ThreadsService,
    private readonly messages: MessagesService,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly stores: StoreResources,
    private readonly queue: JobQueue,
    private readonly writer: RunWriter,
    private readonly builtInTools: BuiltInTools,
  ) {}

  async create(scope: TenantScope, threadId: string, body: CreateRunDto, traceparent?: string): Promise<RunRecord> {
    const run = await this.database.transaction(async () => {
      const assistant = await this.assistants.get(scope, body.assistant_id);
      const id = newId('run');
      const thread = await this.threads.holdForRun(scope, threadId, id);
      if (body.additional_messages?.length) await this.messages.append(scope, thread, body.additional_messages);
      const haveFiles = (): Promise<boolean> => this.messages.haveFileIds(scope, threadId);
      const created = await this.insert(scope, { id, body, assistant, thread, haveFiles, toolResources: {} });
      await this.tellOf(created, []);
      return created;
    });
    return this.start(run, traceparent);
  }

  async createWithThread(scope: TenantScope, body: CreateThreadAndRunDto, traceparent?: string): Promise<RunRecord> {
    const { thread: threadBody, tool_resources, ...runBody } = body;
    const run = await this.database.transaction(async () => {
      const assistant = await this.assistants.get(scope, body.assistant_id);
      const id = newId('run');
      const thread = await this.threads.create(scope, threadBody ?? {}, id);
      const toolResources = await this.stores.resolve(scope, tool_resources);
      const haveFiles = (): boolean => threadBody?.messages?.some(({ file_ids }) => file_ids?.length) ?? false;
      const created = await this.insert(scope, { id, body: runBody, assistant, thread, haveFiles, toolResources });
      await this.tellOf(created, [{ event: 'thread.created', thread: toWireThread(thread) }]);
      return created;
    });
    return this.start(run, traceparent);
  }

  /** The thread is the run's already. */
  private async insert(scope: TenantScope, parts: RunParts): Promise<RunRecord> {
    const { id, body, assistant, thread, toolResources } = parts;
    await this.attachFiles(scope, assistant, thread.id, toolResources);
    const tools = await this.toolsOf(scope, parts);
    return this.runs.insert(scope, newRun({ id, threadId: thread.id, assistant, body, tools, toolResources }));
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
    { body, assistant, thread, haveFiles }: RunParts,
  ): Promise<AssistantTool[]> {
    const tools = body.tools ? toTools(body.tools) : assistant.tools;
    this.builtInTools.check(scope, tools);
    if (tools.some((tool) => tool.type === 'code_interpreter')) return tools;
    const hasFiles = assistant.fileIds.length > 0 || thread.fileIds.length > 0 || (await haveFiles());
    return hasFiles ? [...tools, { type: 'code_interpreter' }] : tools;
  }

  private async tellOf(run: RunRecord, first: RunChange[]): Promise<void> {
    await this.writer.tell(run.id, [
      ...first,
      { event: 'thread.run.created', run },
      { event: 'thread.run.queued', run },
    ]);
  }

  private async start(run: RunRecord, traceparent: string | undefined): Promise<RunRecord> {
    const trace = traceparent === undefined ? {} : { traceparent };
    await this.queue.add('execute-run', { runId: run.id, ...trace }, { key: run.id });
    return run;
  }
}
