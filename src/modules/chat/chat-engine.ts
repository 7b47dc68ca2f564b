import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { runAgent, type AgentInput } from '@libs/agent';
import { newId, systemClock, toUnixSeconds } from '@libs/kernel';
import { withContext, type ChatModel, type ModelGateway, type TokenUsage } from '@libs/llm';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { AGENT_SETTINGS, type AgentSettings } from '../../providers/agents.module.js';
import { MODEL_GATEWAY } from '../../providers/models.module.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { ToolsService, type Toolbox } from '../tools/index.js';
import type { ChatAnswerHead, ChatExtensions } from './chat-answer.js';
import type { ChatBody } from './chat-body.js';
import { toAgentInput } from './chat-input.js';
import { ChatPresenter, type ChatDeltaParts, type ChatFinishReason } from './chat-presenter.js';
import { ChatTools, type ChosenTools } from './chat-tools.js';

/** How a chat completion ended. */
export interface ChatEnd {
  reason: ChatFinishReason;
  usage: TokenUsage;
  extensions: ChatExtensions;
  /** The agent's own word on what went wrong. */
  failure: string | null;
}

export interface ChatTurn {
  head: ChatAnswerHead;
  /** The deltas as they come; returns how it ended. */
  deltas: AsyncGenerator<ChatDeltaParts, ChatEnd>;
}

/** Answers chat completions through the agent: those with files or code, and those for models without an HTTP face. */
@Injectable()
export class ChatEngine {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
    @Inject(AGENT_SETTINGS) private readonly agents: AgentSettings,
    private readonly tools: ToolsService,
    private readonly chatTools: ChatTools,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
  ) {}

  /** Checks files and tools first, so that a wrong id is an answer of its own and not the middle of a stream. */
  async start(
    scope: TenantScope,
    body: ChatBody,
    model: ChatModel,
    modelId: string,
    signal: AbortSignal,
  ): Promise<ChatTurn> {
    const id = newId('chatCompletion');
    const chosen = await this.chatTools.choose(scope, body, modelId);
    await this.files.getMany(scope, body.fileIds);
    if (body.fileIds.length > 0) await this.workspaceFiles.attach(scope, id, body.fileIds);
    const head = { id, created: toUnixSeconds(new Date(systemClock.now())), model: modelId };
    return {
      head,
      deltas: this.converse(
        scope,
        id,
        { body, chosen },
        { model: withContext(model, { runId: id }), id: modelId },
        signal,
      ),
    };
  }

  private async *converse(
    scope: TenantScope,
    id: string,
    { body, chosen: { tools, knowledge } }: { body: ChatBody; chosen: ChosenTools },
    model: { model: ChatModel; id: string },
    signal: AbortSignal,
  ): AsyncGenerator<ChatDeltaParts, ChatEnd> {
    const toolbox = await this.tools.open(scope, id, tools, knowledge ? { knowledge } : {});
    const presenter = new ChatPresenter(this.linker(id, toolbox));
    try {
      for await (const event of runAgent(this.toInput(scope, id, body, model, toolbox), signal)) {
        const delta = presenter.apply(event);
        if (delta) yield delta;
      }
    } finally {
      await toolbox.dispose();
    }
    const { generatedFiles, failure, finishReason: reason, usage } = presenter;
    const extensions = {
      ...(generatedFiles.length > 0 ? { generated_files: generatedFiles } : {}),
      ...(body.attachedFiles ? { attached_files: body.attachedFiles } : {}),
    };
    return { reason, usage, extensions, failure: failure?.message ?? null };
  }

  private toInput(
    scope: TenantScope,
    id: string,
    body: ChatBody,
    model: { model: ChatModel; id: string },
    toolbox: Toolbox,
  ): AgentInput {
    const save = this.workspaceFiles.textSaver(scope, id);
    return toAgentInput(body, model, toolbox, {
      ...this.limits(body, model.id),
      ...this.agents,
      settings: this.models.settings(model.id),
      report: { prefix: 'Conversation_Report', listsFiles: false, save },
    });
  }

  /** The toolbox learns of new files before the presenter hears of them. */
  private linker(workspaceId: string, toolbox: Toolbox): (fileId: string) => string {
    const uploaded = new Set(toolbox.files.values());
    return (fileId) => {
      const name = [...toolbox.files].find(([, id]) => id === fileId)?.[0] ?? fileId;
      return this.workspaceFiles.signedUrl(workspaceId, {
        kind: uploaded.has(fileId) ? 'uploaded' : 'generated',
        name,
      });
    };
  }

  private limits(
    body: ChatBody,
    model: string,
  ): {
    defaultTemperature: number | undefined;
    maxNewTokens: number;
    maxToolRounds: number;
  } {
    return {
      defaultTemperature:
        this.models.settings(model).temperature ?? (body.extended ? this.config.DEFAULT_TEMPERATURE : undefined),
      maxNewTokens: this.config.MAX_NEW_TOKENS,
      maxToolRounds: this.config.MAX_TOOL_ROUNDS,
    };
  }
}
