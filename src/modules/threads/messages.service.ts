import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import { invalidRequest, notFound, type ToolResources } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { StoreResources } from '../vector-stores/index.js';
import type { AddMessageDto, CreateMessageDto, ModifyMessageDto } from './dto/message.dto.js';
import { codeFilesOfMessage, filesOfMessage, searchFilesOfMessage, withCodeFiles } from './message-files.js';
import { toAttachments, toContent } from './message.mapper.js';
import { MessagesRepository } from './messages.repository.js';
import { ThreadsRepository } from './threads.repository.js';
import type { MessageRecord, ThreadRecord } from './threads.types.js';

@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly messages: MessagesRepository,
    private readonly threads: ThreadsRepository,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly stores: StoreResources,
  ) {}

  create(scope: TenantScope, threadId: string, body: AddMessageDto): Promise<MessageRecord> {
    return this.database.transaction(async () => {
      const thread = await this.threads.lock(scope, threadId);
      if (!thread) throw notFound('thread', threadId);
      const queued = thread.activeRunId !== null;
      if (queued && !body.queue) {
        throw invalidRequest(`Can't add messages to ${threadId} while a run ${thread.activeRunId} is active.`);
      }
      const [message] = (await this.append(scope, thread, [body], queued)).messages;
      if (!message) throw new Error('A message that was inserted is missing.');
      return message;
    });
  }

  /**
   * Adds messages to a thread that the caller holds, inside the caller's transaction. The thread may have other resources
   * afterwards.
   */
  async append(
    scope: TenantScope,
    thread: ThreadRecord,
    bodies: CreateMessageDto[],
    queued = false,
  ): Promise<{ messages: MessageRecord[]; toolResources: ToolResources }> {
    const messages: MessageRecord[] = [];
    const searchFiles: string[] = [];
    let toolResources = thread.toolResources;
    for (const body of bodies) {
      const content = toContent(body.content);
      const attachments = toAttachments(body.attachments);
      const fileIds = body.file_ids ?? [];
      await this.files.getMany(scope, filesOfMessage(content, attachments, fileIds));
      const codeFiles = codeFilesOfMessage(attachments, fileIds);
      if (codeFiles.length > 0) await this.workspaceFiles.attach(scope, thread.id, codeFiles);
      toolResources = withCodeFiles(toolResources, codeFilesOfMessage(attachments, []));
      searchFiles.push(...searchFilesOfMessage(attachments));
      const { role, metadata } = body;
      messages.push(
        await this.insert(scope, {
          ...NEW_MESSAGE,
          threadId: thread.id,
          role,
          content,
          attachments,
          fileIds,
          metadata: metadata ?? {},
          queued,
        }),
      );
    }
    toolResources = await this.stores.attach(scope, toolResources, searchFiles);
    if (toolResources !== thread.toolResources) await this.threads.change(scope, thread.id, { toolResources });
    return { messages, toolResources };
  }

  find(scope: TenantScope, threadId: string, id: string): Promise<MessageRecord | null> {
    return this.messages.find(scope, id, { threadId });
  }

  async get(scope: TenantScope, threadId: string, id: string): Promise<MessageRecord> {
    const message = await this.find(scope, threadId, id);
    if (!message) throw notFound('message', id);
    return message;
  }

  async list(
    scope: TenantScope,
    threadId: string,
    query: ListRequest & { run_id?: string | undefined },
  ): Promise<Page<MessageRecord>> {
    if (!(await this.threads.find(scope, threadId))) throw notFound('thread', threadId);
    return this.messages.list(
      scope,
      query,
      { threadId },
      { queued: false, ...(query.run_id === undefined ? {} : { runId: query.run_id }) },
    );
  }

  async modify(scope: TenantScope, threadId: string, id: string, body: ModifyMessageDto): Promise<MessageRecord> {
    await this.get(scope, threadId, id);
    const modified = await this.messages.update(
      scope,
      id,
      body.metadata === undefined ? {} : { metadata: body.metadata ?? {} },
    );
    if (!modified) throw notFound('message', id);
    return modified;
  }

  async delete(scope: TenantScope, threadId: string, id: string): Promise<void> {
    await this.get(scope, threadId, id);
    if (!(await this.messages.remove(scope, id))) throw notFound('message', id);
  }

  /** The newest messages of a thread, oldest first: what a run reads. */
  newest(scope: TenantScope, threadId: string, limit: number): Promise<MessageRecord[]> {
    return this.messages.newest(scope, threadId, limit);
  }

  /** Whether any message of the thread bears the extension `file_ids`. */
  haveFileIds(scope: TenantScope, threadId: string): Promise<boolean> {
    return this.messages.haveFileIds(scope, threadId);
  }

  /** A run begins a message. */
  begin(scope: TenantScope, message: MessageRecord): Promise<MessageRecord> {
    return this.messages.insert(scope, message);
  }

  /** A run ends a message that it began. */
  async finish(scope: TenantScope, message: MessageRecord): Promise<void> {
    const { status, incompleteReason, completedAt, incompleteAt, content } = message;
    await this.messages.change(scope, message.id, { status, incompleteReason, completedAt, incompleteAt, content });
  }

  private insert(
    scope: TenantScope,
    message: Omit<MessageRecord, 'id' | 'projectId' | 'createdAt' | 'completedAt'>,
  ): Promise<MessageRecord> {
    return this.messages.insert(scope, { ...message, id: newId('message'), completedAt: new Date() });
  }
}

const NEW_MESSAGE = {
  status: 'completed' as const,
  incompleteReason: null,
  incompleteAt: null,
  assistantId: null,
  runId: null,
};
