import { Injectable } from '@nestjs/common';
import { newId } from '@libs/kernel';
import { notFound, type AssistantTool } from '@libs/openai-wire';
import { toToolResources, toTools, type ToolsDto } from '../../common/dto/index.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { FilesService } from '../files/index.js';
import { BuiltInTools } from '../tools/index.js';
import { StoreResources } from '../vector-stores/index.js';
import type { AssistantRecord } from './assistants.types.js';
import { AssistantsRepository } from './assistants.repository.js';
import type { CreateAssistantDto, ModifyAssistantDto } from './dto/assistant.dto.js';

@Injectable()
export class AssistantsService {
  constructor(
    private readonly database: Database,
    private readonly assistants: AssistantsRepository,
    private readonly files: FilesService,
    private readonly stores: StoreResources,
    private readonly builtInTools: BuiltInTools,
  ) {}

  /** With the store that it asks for, or neither. */
  create(scope: TenantScope, body: CreateAssistantDto): Promise<AssistantRecord> {
    return this.database.transaction(() => this.insert(scope, body));
  }

  async get(scope: TenantScope, id: string): Promise<AssistantRecord> {
    const assistant = await this.assistants.find(scope, id);
    if (!assistant) throw notFound('assistant', id);
    return assistant;
  }

  find(scope: TenantScope, id: string): Promise<AssistantRecord | null> {
    return this.assistants.find(scope, id);
  }

  list(scope: TenantScope, page: ListRequest): Promise<Page<AssistantRecord>> {
    return this.assistants.list(scope, page);
  }

  /** Fields that are absent stay; null clears those that can be empty. */
  async modify(scope: TenantScope, id: string, body: ModifyAssistantDto): Promise<AssistantRecord> {
    await this.get(scope, id);
    await this.demandFiles(scope, body);
    const modified = await this.assistants.update(scope, id, {
      ...(body.model === undefined ? {} : { model: body.model }),
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.description === undefined ? {} : { description: body.description }),
      ...(body.instructions === undefined ? {} : { instructions: body.instructions }),
      ...(body.tools === undefined ? {} : { tools: this.toTools(scope, body.tools) }),
      ...(body.tool_resources === undefined
        ? {}
        : { toolResources: await this.stores.resolve(scope, body.tool_resources) }),
      ...(body.file_ids === undefined ? {} : { fileIds: body.file_ids ?? [] }),
      ...(body.metadata === undefined ? {} : { metadata: body.metadata ?? {} }),
      ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
      ...(body.top_p === undefined ? {} : { topP: body.top_p }),
      ...(body.response_format === undefined ? {} : { responseFormat: body.response_format }),
      ...(body.reasoning_effort === undefined ? {} : { reasoningEffort: body.reasoning_effort }),
      ...(body.agent_type === undefined ? {} : { agentType: body.agent_type }),
    });
    if (!modified) throw notFound('assistant', id);
    return modified;
  }

  async delete(scope: TenantScope, id: string): Promise<void> {
    if (!(await this.assistants.remove(scope, id))) throw notFound('assistant', id);
  }

  private toTools(scope: TenantScope, tools: ToolsDto | null | undefined): AssistantTool[] {
    const wanted = toTools(tools);
    this.builtInTools.check(scope, wanted);
    return wanted;
  }

  private async insert(scope: TenantScope, body: CreateAssistantDto): Promise<AssistantRecord> {
    await this.demandFiles(scope, body);
    const tools = this.toTools(scope, body.tools);
    const toolResources = await this.stores.resolve(scope, body.tool_resources);
    return this.assistants.insert(scope, {
      id: newId('assistant'),
      name: body.name ?? null,
      description: body.description ?? null,
      model: body.model,
      instructions: body.instructions ?? null,
      ...{ tools, toolResources },
      fileIds: body.file_ids ?? [],
      metadata: body.metadata ?? {},
      temperature: body.temperature ?? null,
      topP: body.top_p ?? null,
      responseFormat: body.response_format ?? null,
      reasoningEffort: body.reasoning_effort ?? null,
      agentType: body.agent_type ?? null,
    });
  }

  private async demandFiles(scope: TenantScope, body: ModifyAssistantDto): Promise<void> {
    await this.files.getMany(scope, [
      ...(body.file_ids ?? []),
      ...(toToolResources(body.tool_resources).code_interpreter?.file_ids ?? []),
    ]);
  }
}
