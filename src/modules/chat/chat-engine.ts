import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { runAgent, type AgentEvent, type AgentInput } from '@libs/agent';
import { newId, systemClock, toUnixSeconds, untilAborted } from '@libs/kernel';
import {
  ModelError,
  readChatRequest,
  withContext,
  type ChatMessage,
  type ChatModel,
  type ChatRequest,
  type ModelGateway,
  type ServedModel,
  type TokenCounter,
  type TokenUsage,
} from '@libs/llm';
import { WireError } from '@libs/openai-wire';
import { CONFIG } from '../../common/config.token.js';
import { fromModelError } from '../../common/errors/index.js';
import type { TenantScope } from '../../common/principal.js';
import { AGENT_SETTINGS, type AgentSettings } from '../../providers/agents.module.js';
import { contextSizeOf } from '../../providers/context-size.js';
import { MODEL_GATEWAY, TOKEN_COUNTER } from '../../providers/models.module.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { ToolsService, type Surroundings, type Toolbox } from '../tools/index.js';
import type { ChatAnswerHead, ChatExtensions } from './chat-answer.js';
import type { ChatBody } from './chat-body.js';
import type { ChatSession } from './chat-session.js';
import { toAgentInput, type ModelOfChat } from './chat-input.js';
import { ChatPresenter, type ChatDeltaParts, type ChatFinishReason } from './chat-presenter.js';
import { ChatTools, type ChosenTools } from './chat-tools.js';

/** How a chat completion ended. */
export interface ChatEnd {
  reason: ChatFinishReason;
  usage: TokenUsage;
  extensions: ChatExtensions;
  /** What went wrong, as the client is told. */
  failure: WireError | null;
  /** The model's id for the last code it ran; null: it ran none. */
  lastCodeCall: string | null;
}

export interface ChatTurn {
  head: ChatAnswerHead;
  /** The deltas as they come; returns how it ended. */
  deltas: AsyncGenerator<ChatDeltaParts, ChatEnd>;
}

/** What is asked, and of whom. */
export interface ChatCall {
  body: ChatBody;
  server: ServedModel;
  model: string;
  session?: ChatSession | undefined;
}

/** Who waits for the answer. */
export interface ChatClient {
  /** Aborts when it has left. */
  left: AbortSignal;
  /** What the answer belongs to in its trace. */
  traceparent: string | undefined;
}

/** What is to be answered. */
interface Task {
  id: string;
  /** Where files lie and code runs: the session's, or one of its own. */
  workspaceId: string;
  scope: TenantScope;
  body: ChatBody;
  session: ChatSession | undefined;
  request: ChatRequest;
  chosen: ChosenTools;
  model: ModelOfChat;
  signal: AbortSignal;
}

const MS_PER_SECOND = 1000;

/** Answers chat completions through the agent: those with files or tools that run here, and those for models that need help. */
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
  async start(scope: TenantScope, { body, server, model, session }: ChatCall, client: ChatClient): Promise<ChatTurn> {
    const id = newId('chatCompletion');
    const workspaceId = session?.id ?? id;
    const { request } = readChatRequest({ ...body.plain, model });
    const chosen = await this.chatTools.choose(scope, body, model, await this.hasFiles(scope, body, session));
    await this.files.getMany(scope, body.fileIds);
    if (body.fileIds.length > 0) await this.workspaceFiles.attach(scope, workspaceId, body.fileIds);
    const head = { id, created: toUnixSeconds(new Date(systemClock.now())), model };
    const { left: signal, traceparent } = client;
    const context = { runId: id, ...(traceparent === undefined ? {} : { traceparent }) };
    const task = { id, workspaceId, scope, body, session, request, chosen, signal };
    return { head, deltas: this.converse({ ...task, model: await this.modelOf(server, model, context) }) };
  }

  private async hasFiles(scope: TenantScope, body: ChatBody, session: ChatSession | undefined): Promise<boolean> {
    if (body.fileIds.length > 0) return true;
    return session !== undefined && !session.isNew && (await this.workspaceFiles.list(scope, session.id)).length > 0;
  }

  private async modelOf(server: ServedModel, model: string, context: ModelOfChat['context']): Promise<ModelOfChat> {
    return {
      chat: withContext(server.chat, context),
      context,
      contextSize: await contextSizeOf(this.models, model, this.config),
      settings: this.models.settings(model),
      countTokens: async (text) => (await server.countTokens?.(model, text)) ?? (await this.tokens.count(text)),
    };
  }

  private async *converse(task: Task): AsyncGenerator<ChatDeltaParts, ChatEnd> {
    const { scope, workspaceId, session, chosen, model, signal } = task;
    // A server of tools may keep its answer for as long as it is given.
    const opening = this.tools.open(scope, workspaceId, chosen.tools, surroundingsOf(chosen, session));
    const toolbox = await untilAborted(opening, signal);
    const presenter = new ChatPresenter(this.linker(workspaceId, toolbox));
    const timeUp = AbortSignal.timeout(this.config.CHAT_TIMEOUT_SECONDS * MS_PER_SECOND);
    let hasBegun = false;
    let lastCodeCall: string | null = null;
    let lastFailure: ModelError | undefined;
    const chat = keepingFailures(model.chat, (failure) => (lastFailure = failure));
    const input = this.toInput({ ...task, model: { ...model, chat } }, toolbox);
    try {
      for await (const event of runAgent(input, AbortSignal.any([signal, timeUp]))) {
        if (!hasBegun && endsForLackOfRoom(event)) throw tooLong(model.contextSize);
        hasBegun = true;
        if (event.type === 'tool-call-started' && event.kind === 'code_interpreter') lastCodeCall = event.id;
        const delta = presenter.apply(event);
        if (delta) yield delta;
      }
    } finally {
      await toolbox.dispose();
    }
    const { failure, finishReason, usage } = presenter;
    return {
      reason: timeUp.aborted ? 'length' : finishReason,
      usage,
      extensions: extensionsOf(presenter, task),
      failure: failure && toWireError(failure.message, lastFailure),
      lastCodeCall,
    };
  }

  private toInput({ workspaceId, scope, body, session, request, model }: Task, toolbox: Toolbox): AgentInput {
    const save = this.workspaceFiles.textSaver(scope, workspaceId);
    const droppable = session?.droppable ?? new Set<ChatMessage>();
    return toAgentInput({ request, agentType: body.agentType, droppable }, model, toolbox, {
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

/** The agent's outcome has only the words of what the model failed with, and clients act by the status. */
function keepingFailures(chat: ChatModel, keep: (failure: ModelError) => void): ChatModel {
  return {
    async *stream(...call) {
      try {
        yield* chat.stream(...call);
      } catch (error) {
        if (error instanceof ModelError) keep(error);
        throw error;
      }
    },
  };
}

function toWireError(message: string, failure: ModelError | undefined): WireError {
  if (failure?.message === message) return fromModelError(failure);
  return new WireError(502, message, { code: 'model_server_error' });
}

function extensionsOf({ generatedFiles }: ChatPresenter, { body: { attachedFiles }, session }: Task): ChatExtensions {
  return {
    ...(generatedFiles.length > 0 ? { generated_files: generatedFiles } : {}),
    ...(attachedFiles ? { attached_files: attachedFiles } : {}),
    ...(session ? { x_session_id: session.id } : {}),
  };
}

/** A session's interpreter stays for its next turn. */
function surroundingsOf({ knowledge }: ChosenTools, session: ChatSession | undefined): Surroundings {
  return {
    ...(knowledge ? { knowledge } : {}),
    ...(session ? { history: { lastCall: () => Promise.resolve(session.lastCodeCall) } } : {}),
  };
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
