import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@config';
import { runAgent, type AgentEvent } from '@libs/agent';
import { newId, publicMessage, untilAborted } from '@libs/kernel';
import { ModelError, withContext, type ModelGateway, type TokenCounter } from '@libs/llm';
import { CONFIG } from '../../common/config.token.js';
import type { TenantScope } from '../../common/principal.js';
import { AGENT_SETTINGS, type AgentSettings } from '../../providers/agents.module.js';
import { contextSizeOf } from '../../providers/context-size.js';
import { MODEL_GATEWAY, TOKEN_COUNTER } from '../../providers/models.module.js';
import { WorkspaceFilesService } from '../files/index.js';
import { MessagesService } from '../threads/index.js';
import { ToolsService, type Toolbox } from '../tools/index.js';
import { RunImages } from './run-images.js';
import { RunKnowledge } from './run-knowledge.js';
import { toAgentInput, type ModelOfRun } from './run-input.js';
import type { ClaimedRun } from './run-claims.js';
import { RunLeases, type RunWatch } from './run-lease.js';
import { RunOutbox } from './run-outbox.js';
import { RunPresenter } from './run-presenter.js';
import { RunRecovery } from './run-recovery.js';
import { RunStepsRepository } from './run-steps.repository.js';
import { RunMovedOnError, RunWriter } from './run-writer.js';
import type { RunRecord } from './runs.types.js';

/** The newest messages of a thread that a run reads at most. */
const MOST_MESSAGES_READ = 1000;

/** A run under way: by which claim, and what may stop it. */
interface RunWork extends ClaimedRun {
  watch: RunWatch;
  outbox: RunOutbox;
  traceparent: string | undefined;
}

/** Executes a claimed run to its end, or until it is stopped. */
@Injectable()
export class RunExecutor {
  private readonly logger = new Logger('Runs');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
    @Inject(TOKEN_COUNTER) private readonly tokens: TokenCounter,
    @Inject(AGENT_SETTINGS) private readonly agents: AgentSettings,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly messages: MessagesService,
    private readonly images: RunImages,
    private readonly knowledge: RunKnowledge,
    private readonly tools: ToolsService,
    private readonly writer: RunWriter,
    private readonly leases: RunLeases,
    private readonly recovery: RunRecovery,
    private readonly steps: RunStepsRepository,
  ) {}

  /** @param traceparent what the run belongs to in the trace of who asked for it */
  async execute(claimed: ClaimedRun, shutdown: AbortSignal, traceparent?: string): Promise<void> {
    const watch = this.leases.watch(claimed, shutdown);
    const outbox = new RunOutbox((changes) => this.writer.write(claimed.run, changes, claimed.claim));
    try {
      await this.converse({ ...claimed, watch, outbox, traceparent });
    } catch (error) {
      if (!(error instanceof RunMovedOnError)) throw error;
      this.logger.warn(error.message);
    } finally {
      await outbox.settle();
      watch.stop();
    }
  }

  private async converse(work: RunWork): Promise<void> {
    const { run, claim, watch, traceparent } = work;
    const scope: TenantScope = { projectId: run.projectId };
    const steps = await this.recovery.closeInterrupted(run, claim);
    const spent = RunRecovery.usageOf(steps);
    const presenter = new RunPresenter({ ...run, usage: spent }, { newId, now: () => new Date() });
    let toolbox: Toolbox | null = null;
    try {
      const model = await this.modelOf(run, traceparent);
      const history = { lastCall: () => this.steps.lastCodeCall(scope, run.threadId) };
      const knowledge = await this.knowledge.of(run, steps, model.contextSize);
      // A server of tools may keep its answer for as long as it is given.
      const opening = this.tools.open(scope, run.threadId, run.tools, { history, knowledge });
      toolbox = await untilAborted(opening, watch.signal);
      const messages = await this.messages.newest(scope, run.threadId, MOST_MESSAGES_READ);
      const images = await this.images.visibleTo(run.model, scope, messages);
      const saveReport = this.workspaceFiles.textSaver(scope, run.threadId);
      const limits = { ...this.limits(run), ...this.agents };
      const input = toAgentInput({ run, messages, steps, toolbox, images, model, limits, saveReport, traceparent });
      for await (const event of runAgent(input, watch.signal)) await this.present(work, presenter, event);
    } catch (error) {
      if (error instanceof RunMovedOnError) throw error;
      await this.present(work, presenter, watch.signal.aborted ? ABORTED : failure(error));
    } finally {
      await toolbox?.dispose();
    }
  }

  private async present({ run, watch, outbox }: RunWork, presenter: RunPresenter, event: AgentEvent): Promise<void> {
    if (event.type === 'finished' && event.outcome.type === 'failed') {
      const { code, message, cause } = event.outcome;
      this.logger.warn({ runId: run.id, code, ...(cause === undefined ? {} : { err: cause }) }, message);
    }
    if (event.type === 'usage-estimated') {
      this.logger.log({ runId: run.id, usage: event.usage }, 'The model server gave no token counts: estimated.');
    }
    const changes = presenter.apply(event, watch.stopReason);
    await outbox.add(changes);
    if (!MAY_BE_KEPT_LATER.has(event.type)) await outbox.empty();
  }

  private async modelOf({ id: runId, threadId, model }: RunRecord, traceparent?: string): Promise<ModelOfRun> {
    const server = await this.models.resolve(model);
    return {
      chat: withContext(server.chat, { runId, threadId, ...(traceparent === undefined ? {} : { traceparent }) }),
      contextSize: await contextSizeOf(this.models, model, this.config),
      settings: this.models.settings(model),
      countTokens: async (text) => (await server.countTokens?.(model, text)) ?? (await this.tokens.count(text)),
    };
  }

  private limits({ model }: RunRecord): { defaultTemperature: number; maxNewTokens: number; maxToolRounds: number } {
    return {
      defaultTemperature: this.models.settings(model).temperature ?? this.config.DEFAULT_TEMPERATURE,
      maxNewTokens: this.config.MAX_NEW_TOKENS,
      maxToolRounds: this.config.MAX_TOOL_ROUNDS,
    };
  }
}

/** Nothing is done on their strength: what follows waits until they are kept, too. */
const MAY_BE_KEPT_LATER: ReadonlySet<AgentEvent['type']> = new Set([
  'message-started',
  'text-delta',
  'refusal-delta',
  'reasoning-delta',
  'message-completed',
  'tool-call-delta',
  'tool-output-delta',
]);

const ABORTED: AgentEvent = { type: 'finished', outcome: { type: 'aborted' } };

function failure(error: unknown): AgentEvent {
  const code = error instanceof ModelError && error.kind === 'rate_limited' ? 'rate_limit_exceeded' : 'server_error';
  return { type: 'finished', outcome: { type: 'failed', code, message: publicMessage(error), cause: error } };
}
