import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import type { AcquireRequest, SharedSession, SharedSessions } from '@libs/sandbox';
import type { TenantScope } from '../../../common/principal.js';
import type { WorkspaceEnds } from '../../../events/workspace-ends.js';
import { followEnds } from './follow-ends.js';
import { SandboxSessions, type HeldSession, type SessionView } from './sandbox-sessions.js';
import { SessionLedger } from './session-ledger.js';

/** Interpreters on hosts of their own: whichever process a call comes to, it meets the same one. */
export class HostSessions extends SandboxSessions implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Sandbox');
  private readonly shutdown = new AbortController();

  constructor(
    private readonly shared: SharedSessions,
    private readonly ends: WorkspaceEnds,
  ) {
    super();
  }

  /** Every process hears of every end; that the hosts hear of it more than once does no harm. */
  onModuleInit(): void {
    void followEnds(this.ends, this.shutdown.signal, (scope, workspaceId) => this.endOf(scope, workspaceId));
  }

  onApplicationShutdown(): void {
    this.shutdown.abort(new Error('The server is shutting down.'));
  }

  override async hold(scope: TenantScope, workspaceId: string, callerSignal: AbortSignal): Promise<HeldSession> {
    const signal = AbortSignal.any([callerSignal, this.shutdown.signal]);
    return this.held(await this.shared.hold(requestOf(scope, workspaceId), signal));
  }

  override async noteCall(scope: TenantScope, workspaceId: string, callId: string): Promise<void> {
    const session = await this.shared.holdPresent(requestOf(scope, workspaceId), this.shutdown.signal);
    if (session === undefined) return;
    const held = this.held(session);
    held.ledger.noteCall(callId);
    held.release();
  }

  override async endOf(scope: TenantScope, workspaceId: string): Promise<void> {
    await this.shared.endOf(requestOf(scope, workspaceId));
  }

  override async kill(id: string): Promise<boolean> {
    return this.shared.kill(id);
  }

  override list(): SessionView[] {
    return [];
  }

  private held(session: SharedSession): HeldSession {
    const ledger = SessionLedger.parse(session.notes);
    session.nextNotes = () => ledger.toText();
    const release = (): void => {
      session.release().catch((error: unknown) => {
        this.logger.warn(`A session was not given back: ${errorMessage(error)}`);
      });
    };
    return { session, ledger, release };
  }
}

function requestOf(scope: TenantScope, workspaceId: string): AcquireRequest {
  return { tenantId: scope.projectId, workspaceId };
}
