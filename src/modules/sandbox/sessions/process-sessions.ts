import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import { SessionKeeper, type SandboxProvider, type WorkspaceKey } from '@libs/sandbox';
import type { TenantScope } from '../../../common/principal.js';
import type { WorkspaceEnds } from '../../../events/workspace-ends.js';
import { followEnds } from './follow-ends.js';
import { SandboxSessions, type HeldSession, type SessionView } from './sandbox-sessions.js';
import { SessionLedger } from './session-ledger.js';

/** The interpreters of this process, which end with it. */
export class ProcessSessions extends SandboxSessions implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Sandbox');
  private readonly keeper: SessionKeeper<SessionLedger>;
  private readonly shutdown = new AbortController();

  constructor(
    config: Pick<Config, 'SANDBOX_IDLE_SECONDS' | 'SANDBOX_MAX_SESSIONS'>,
    provider: SandboxProvider,
    private readonly ends: WorkspaceEnds,
  ) {
    super();
    this.keeper = new SessionKeeper({
      acquire: (request) => provider.acquire(request),
      idleMs: config.SANDBOX_IDLE_SECONDS * 1000,
      maxSessions: config.SANDBOX_MAX_SESSIONS,
      newNotes: () => new SessionLedger(),
      onLeftBehind: (error) => this.logger.warn(`A session left something behind: ${errorMessage(error)}`),
    });
  }

  onModuleInit(): void {
    void followEnds(this.ends, this.shutdown.signal, (scope, workspaceId) => this.endOf(scope, workspaceId));
  }

  async onApplicationShutdown(): Promise<void> {
    this.shutdown.abort(new Error('The server is shutting down.'));
    await this.keeper.close();
  }

  override async hold(scope: TenantScope, workspaceId: string, signal: AbortSignal): Promise<HeldSession> {
    const held = await this.keeper.hold(keyOf(scope, workspaceId), signal);
    return { session: held.session, ledger: held.kept.notes, release: () => held.release() };
  }

  override noteCall(scope: TenantScope, workspaceId: string, callId: string): Promise<void> {
    this.keeper.find(keyOf(scope, workspaceId))?.notes.noteCall(callId);
    return Promise.resolve();
  }

  override async endOf(scope: TenantScope, workspaceId: string): Promise<void> {
    const kept = this.keeper.find(keyOf(scope, workspaceId));
    if (kept !== undefined) await this.keeper.end(kept);
  }

  override async kill(id: string): Promise<boolean> {
    const kept = this.keeper.list().find((each) => each.id === id);
    if (kept !== undefined) await this.keeper.end(kept);
    return kept !== undefined;
  }

  override list(): SessionView[] {
    return this.keeper.list().map(({ id, key, createdAt, lastUsedAt, turns }) => ({
      ...{ id, projectId: key.tenantId, createdAt, lastUsedAt, isBusy: turns.isBusy },
    }));
  }
}

function keyOf(scope: TenantScope, workspaceId: string): WorkspaceKey {
  return { tenantId: scope.projectId, workspaceId };
}
