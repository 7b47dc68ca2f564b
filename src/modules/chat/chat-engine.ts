import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { runAgent, type AgentEvent, type AgentInput } from '@libs/agent';
import { newId, systemClock, toUnixSeconds } from '@libs/kernel';
import {
  ModelError,
  readChatRequest,
  withContext,
  type ChatRequest,
  type ModelGateway,
  type ServedModel,
  type TokenCounter,
  type TokenUsage,
} from '@libs/llm';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { AGENT_SETTINGS, type AgentSettings } from '../../providers/agents.module.js';
import { contextSizeOf } from '../../providers/context-size.js';
import { MODEL_GATEWAY, TOKEN_COUNTER } from '../../providers/models.module.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { ToolsService, type Toolbox } from '../tools/index.js';
import type { ChatAnswerHead, ChatExtensions } from './chat-answer.js';
import type { ChatBody } from './chat-body.js';
import { toAgentInput, type ModelOfChat } from './chat-input.js';
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

/** What is to be answered. */
interface Task {
  id: string;
  scope: TenantScope;
  body: ChatBody;
  request: ChatRequest;
  chosen: ChosenTools;
  model: ModelOfChat;
  signal: AbortSignal;
}

const MS_PER_SECOND = 1000;

/** Answers chat completions through the agent: those with files or code, and those for models without an HTTP face. */
@Injectable()
export class ChatEngine {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
    @Inject(AGENT_SETTINGS) private readonly agents: AgentSettings,
    @Inject(TOKEN_COUNTER) private readonly tokens: TokenCounter,
    private readonly tools: ToolsService,
    private readonly chatTools: ChatTools,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
  ) {}

  /** Checks the request, its files and its tools first, so that what is wrong is an answer of its own and not the middle of a stream. */
  async start(
    scope: TenantScope,
    body: ChatBody,
    server: ServedModel,
    modelId: string,
    left: AbortSignal,
  ): Promise<ChatTurn> {
    const id = newId('chatCompletion');
    const { request } = readChatRequest({ ...body.plain, model: modelId });
    const chosen = await this.chatTools.choose(scope, body, modelId);
    await this.files.getMany(scope, body.fileIds);
    if (body.fileIds.length > 0) await this.workspaceFiles.attach(scope, id, body.fileIds);
    const head = { id, created: toUnixSeconds(new Date(systemClock.now())), model: modelId };
    const model = await this.modelOf(server, modelId, id);
    return { head, deltas: this.converse({ id, scope, body, request, chosen, model, signal: left }) };
  }

  private async modelOf(server: ServedModel, model: string, runId: string): Promise<ModelOfChat> {
    return {
      chat: withContext(server.chat, { runId }),
      contextSize: await contextSizeOf(this.models, model, this.config),
      settings: this.models.settings(model),
      countTokens: async (text) => (await server.countTokens?.(model, text)) ?? (await this.tokens.count(text)),
    };
  }

  private async *converse(task: Task): AsyncGenerator<ChatDeltaParts, ChatEnd> {
    const { id, scope, chosen, model, signal } = task;
    const { tools, knowledge } = chosen;
    const toolbox = await this.tools.open(scope, id, tools, knowledge ? { knowledge } : {});
    const presenter = new ChatPresenter(this.linker(id, toolbox));
    const timeUp = AbortSignal.timeout(this.config.CHAT_TIMEOUT_SECONDS * MS_PER_SECOND);
    let hasBegun = false;
    try {
      for await (const event of runAgent(this.toInput(task, toolbox), AbortSignal.any([signal, timeUp]))) {
        if (!hasBegun && endsForLackOfRoom(event)) throw tooLong(model.contextSize);
        hasBegun = true;
        const delta = presenter.apply(event);
        if (delta) yield delta;
      }
    } finally {
      await toolbox.dispose();
    }
    const reason = timeUp.aborted ? 'length' : presenter.finishReason;
    return { reason, ...endOf(presenter, task.body) };
  }

  private toInput({ id, scope, body, request, model }: Task, toolbox: Toolbox): AgentInput {
    const save = this.workspaceFiles.textSaver(scope, id);
    return toAgentInput({ request, agentType: body.agentType }, model, toolbox, {
      ...this.agents,
      defaultTemperature: model.settings.temperature ?? (body.extended ? this.config.DEFAULT_TEMPERATURE : undefined),
      maxNewTokens: this.config.MAX_NEW_TOKENS,
      maxToolRounds: this.config.MAX_TOOL_ROUNDS,
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
}

function endOf(
  { generatedFiles, failure, usage }: ChatPresenter,
  { attachedFiles }: ChatBody,
): Omit<ChatEnd, 'reason'> {
  const extensions = {
    ...(generatedFiles.length > 0 ? { generated_files: generatedFiles } : {}),
    ...(attachedFiles ? { attached_files: attachedFiles } : {}),
  };
  return { usage, extensions, failure: failure?.message ?? null };
}

function endsForLackOfRoom(event: AgentEvent): boolean {
  return (
    event.type === 'finished' && event.outcome.type === 'incomplete' && event.outcome.reason === 'max_prompt_tokens'
  );
}

function tooLong(contextSize: number | undefined): ModelError {
  const message = `The messages leave no room for an answer: the model's context has ${contextSize ?? 'too few'} tokens.`;
  return new ModelError('rejected', message, { status: 400, param: 'messages', code: 'context_length_exceeded' });
}
