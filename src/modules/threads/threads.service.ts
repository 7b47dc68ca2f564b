import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import { invalidRequest, notFound } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { WorkspaceEnds } from '../../events/workspace-ends.js';
import { FilesService, WorkspaceFilesService, type WorkspaceFileRecord } from '../files/index.js';
import { StoreResources } from '../vector-stores/index.js';
import type { CreateThreadDto, ModifyThreadDto } from './dto/thread.dto.js';
import { MessagesService } from './messages.service.js';
import { ThreadsRepository } from './threads.repository.js';
import type { ThreadRecord } from './threads.types.js';

@Injectable()
export class ThreadsService {
  constructor(
    private readonly database: Database,
    private readonly threads: ThreadsRepository,
    private readonly messages: MessagesService,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly stores: StoreResources,
    private readonly workspaceEnds: WorkspaceEnds,
  ) {}

  /** @param activeRunId the run that has the thread from its beginning */
  create(scope: TenantScope, body: CreateThreadDto, activeRunId: string | null = null): Promise<ThreadRecord> {
    return this.database.transaction(async () => {
      const toolResources = await this.stores.resolve(scope, body.tool_resources);
      const fileIds = body.file_ids ?? [];
      const thread = await this.threads.insert(scope, {
        id: newId('thread'),
        toolResources,
        fileIds,
        metadata: body.metadata ?? {},
        activeRunId,
      });
      await this.attachFiles(scope, thread.id, [...(toolResources.code_interpreter?.file_ids ?? []), ...fileIds]);
      if (!body.messages?.length) return thread;
      const { toolResources: resources } = await this.messages.append(scope, thread, body.messages);
      return { ...thread, toolResources: resources };
    });
  }

  async get(scope: TenantScope, id: string): Promise<ThreadRecord> {
    const thread = await this.threads.find(scope, id);
    if (!thread) throw notFound('thread', id);
    return thread;
  }

  list(scope: TenantScope, page: ListRequest): Promise<Page<ThreadRecord>> {
    return this.threads.list(scope, page);
  }

  modify(scope: TenantScope, id: string, body: ModifyThreadDto): Promise<ThreadRecord> {
    return this.database.transaction(async () => {
      await this.get(scope, id);
      const toolResources = await this.stores.resolve(scope, body.tool_resources);
      await this.attachFiles(scope, id, toolResources.code_interpreter?.file_ids ?? []);
      const modified = await this.threads.update(scope, id, {
        ...(body.tool_resources === undefined ? {} : { toolResources }),
        ...(body.metadata === undefined ? {} : { metadata: body.metadata ?? {} }),
      });
      if (!modified) throw notFound('thread', id);
      return modified;
    });
  }

  async delete(scope: TenantScope, id: string): Promise<void> {
    await this.database.transaction(async () => {
      if (!(await this.threads.remove(scope, id))) throw notFound('thread', id);
      await this.workspaceFiles.removeWorkspace(scope, id);
    });
    await this.workspaceEnds.announce({ projectId: scope.projectId, workspaceId: id });
  }

  /** Uploaded files first, then generated ones, each with its URL. */
  async listFiles(scope: TenantScope, id: string): Promise<WorkspaceFileRecord[]> {
    await this.get(scope, id);
    return this.workspaceFiles.list(scope, id);
  }

  /** Keeps the thread from being deleted until the caller's transaction ends. False: it is gone already. */
  pin(scope: TenantScope, id: string): Promise<boolean> {
    return this.threads.pin(scope, id);
  }

  /**
   * Gives the thread to a run, inside the caller's transaction. 400, never 409, where another run holds
   * it: SDKs repeat a 409.
   */
  async holdForRun(scope: TenantScope, id: string, runId: string): Promise<ThreadRecord> {
    const held = await this.threads.hold(scope, id, runId);
    if (held) return held;
    const thread = await this.threads.lock(scope, id);
    if (!thread) throw notFound('thread', id);
    // It may have become free in between, and is locked now.
    if (thread.activeRunId === null) return this.holdForRun(scope, id, runId);
    throw invalidRequest(`Thread ${id} already has an active run ${thread.activeRunId}.`);
  }

  /**
   * Frees the thread and lets in the messages that waited. Called in the transaction that ends the run, which has pinned
   * the thread.
   */
  release(scope: TenantScope, id: string, runId: string): Promise<void> {
    return this.threads.release(scope, id, runId);
  }

  private async attachFiles(scope: TenantScope, threadId: string, fileIds: string[]): Promise<void> {
    if (fileIds.length === 0) return;
    await this.files.getMany(scope, fileIds);
    await this.workspaceFiles.attach(scope, threadId, fileIds);
  }
}
