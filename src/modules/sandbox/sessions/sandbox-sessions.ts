import type { SandboxSession } from '@libs/sandbox';
import type { TenantScope } from '../../../common/principal.js';
import type { SessionLedger } from './session-ledger.js';

/** A session while one caller has it to itself. */
export interface HeldSession {
  session: SandboxSession;
  /** Belongs to whoever holds the session. */
  ledger: SessionLedger;
  /** Lets the next caller in. */
  release(): void;
}

/** A live session, as administrators see it. */
export interface SessionView {
  id: string;
  projectId: string;
  createdAt: Date;
  lastUsedAt: Date;
  isBusy: boolean;
}

/** The interpreters of workspaces. They stay between calls, until they are idle for long or their thread is deleted. */
export abstract class SandboxSessions {
  /**
   * The workspace's session, for this caller alone until it releases it; a new one if there is none.
   * @throws SandboxError if there can be none, and the signal's reason if that aborts first.
   */
  abstract hold(scope: TenantScope, workspaceId: string, signal: AbortSignal): Promise<HeldSession>;
  /** Notes a call that changed nothing, if the workspace has a session. */
  abstract noteCall(scope: TenantScope, workspaceId: string, callId: string): Promise<void>;
  /** Ends the workspace's session, if there is one within reach, even in the middle of a call. */
  abstract endOf(scope: TenantScope, workspaceId: string): Promise<void>;
  /** Ends a session by its own id, even in the middle of a call. False if there is no such session within reach. */
  abstract kill(id: string): Promise<boolean>;
  /** Those that live and end with this process, of every tenant: for administrators. The longest unused comes first. */
  abstract list(): SessionView[];
}
