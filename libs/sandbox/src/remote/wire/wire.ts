import type { ProbeResult, SandboxLimits, SandboxState } from '../../ports/sandbox-provider.js';

/** Both sides bound what they read of the other: code may have broken out on a host. */
export const WIRE_LIMITS = Object.freeze({
  /** Code and notes of one call. */
  requestBytes: 16 * 1024 * 1024,
  /** What the users of a session leave for the next. */
  notesBytes: 1024 * 1024,
  /** One answer that is no stream. A list of files is the longest. */
  answerBytes: 64 * 1024 * 1024,
  /** One event. A result of 200,000 characters fits even if each is written as an escape. */
  lineBytes: 2 * 1024 * 1024,
  messageCharacters: 1000,
  /** Of tenants, workspaces and what names a hold. */
  nameCharacters: 256,
});

/** A stream that has nothing to say sends an empty line so often. */
export const HEARTBEAT_MS = 5_000;
/** After so much silence the other side counts as lost. */
export const SILENCE_MS = 15_000;
/** A hold whose holder says nothing for so long is taken from it: its process has died, or its machine stands still. */
export const HOLD_LEASE_MS = 15_000;

export const SHORTEST_TOKEN = 32;

export interface HoldRequest {
  tenantId: string;
  workspaceId: string;
  /** own: a fresh session that nobody else finds. shared: the workspace's, a new one if there is none. */
  kind: 'own' | 'shared';
  /** Only if there is one already. */
  mustExist: boolean;
  limits: Partial<SandboxLimits>;
}

/** The last line of the answer to a wish for a session. */
export type HoldAnswer =
  | { type: 'granted'; hold: string; session: string; notes: string; leaseMs: number }
  | { type: 'refused'; reason: RefusalReason; message: string };

/** absent: there is no such session. failed: the sandbox could not start one. */
export type RefusalReason = 'absent' | 'failed';

export interface CallRequest {
  code: string;
  timeoutMs: number;
  notes: string;
}

/** A session of a host, as administrators see it. */
export interface HostSession {
  id: string;
  tenantId: string;
  createdAt: number;
  lastUsedAt: number;
  isBusy: boolean;
}

/** What a host says of itself. */
export interface HostReport {
  /** Another one after each start of the host: what lived before is gone. */
  boot: string;
  provider: string;
  probe: ProbeResult;
  state: SandboxState | null;
  sessions: number;
  busySessions: number;
  maxSessions: number;
}
