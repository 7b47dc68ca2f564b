import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import type { ModelGateway } from '@libs/llm';
import type { AssistantTool } from '@libs/openai-wire';
import { CONFIG } from '../../common/config.token.js';
import { toToolResources, toTools } from '../../common/dto/index.js';
import type { TenantScope } from '../../common/principal.js';
import { createValidationPipe } from '../../common/validation/index.js';
import { contextSizeOf } from '../../providers/context-size.js';
import { MODEL_GATEWAY } from '../../providers/models.module.js';
import { ToolsService, type Knowledge } from '../tools/index.js';
import type { ChatBody } from './chat-body.js';
import { clientFunctions, withInterpreter } from './chat-input.js';
import { ServerToolsDto } from './dto/server-tools.dto.js';

/** The tools of one chat completion, and what they may search. */
export interface ChosenTools {
  tools: AssistantTool[];
  knowledge?: Knowledge;
}

/** Reads which tools a chat completion has: functions of its client, and tools that run here. */
@Injectable()
export class ChatTools {
  private readonly pipe = createValidationPipe();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
    private readonly tools: ToolsService,
  ) {}

  /** Throws a WireError for a tool that is not there, options that are wrong, and 404 for a store that is missing. */
  async choose(scope: TenantScope, body: ChatBody, model: string, hasFiles: boolean): Promise<ChosenTools> {
    if (!body.namesServerTools) return { tools: withInterpreter(body, clientFunctions(body), hasFiles) };
    const { tools: list, toolResources } = body;
    const asked = toolResources === undefined ? { tools: list } : { tools: list, tool_resources: toolResources };
    const metadata = { type: 'body' as const, metatype: ServerToolsDto };
    const { tools, tool_resources } = (await this.pipe.transform(asked, metadata)) as ServerToolsDto;
    const wanted = toTools(tools);
    const storeIds = toToolResources(tool_resources).file_search?.vector_store_ids ?? [];
    await this.tools.check(scope, wanted, storeIds);
    const chosen = withInterpreter(body, wanted, hasFiles);
    if (!chosen.some(({ type }) => type === 'file_search')) return { tools: chosen };
    return { tools: chosen, knowledge: await this.knowledge(storeIds, model) };
  }

  /** Answers of chat completions have no place for citations of files; what was found stands in `tool_activity`. */
  private async knowledge(storeIds: readonly string[], model: string): Promise<Knowledge> {
    const contextSize = await contextSizeOf(this.models, model, this.config);
    return { storeIds, awaitedStoreIds: storeIds, earlier: [], contextSize, cites: false };
  }
}
