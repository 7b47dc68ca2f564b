import type { Readable } from 'node:stream';
import { PublicError } from '@libs/kernel';

/** What keeps the code from the machine. `none` is never chosen without an explicit unsafe switch. */
export type Isolation = 'vm' | 'gvisor' | 'namespaces' | 'wasm' | 'none';

export type EnforcedLimit = 'time' | 'memory' | 'pids' | 'cpu' | 'disk' | 'file_size' | 'network' | 'output';

/** The answer of a probe that really ran code. */
export type ProbeResult =
  | {
      ok: true;
      isolation: Isolation;
      /** The interpreter's version, such as `3.11.2`. */
      python: string;
      /** Importable third-party modules out of those the probe tries, each really imported. */
      modules: string[];
      /** Limits that this provider holds on this machine. What is missing here is not enforced. */
      enforces: EnforcedLimit[];
    }
  | { ok: false; reason: string };

export interface SandboxLimits {
  /** Wall time of one call. */
  timeoutMs: number;
  /** Of one call's stdout and stderr together; what exceeds it is cut and said so. */
  maxOutputBytes: number;
  memoryBytes: number;
  maxProcesses: number;
  /** One file written by the code. */
  maxFileBytes: number;
  /** All files of the workspace together. */
  maxWorkspaceBytes: number;
  maxWorkspaceFiles: number;
}

export const DEFAULT_SANDBOX_LIMITS: Readonly<SandboxLimits> = Object.freeze({
  timeoutMs: 120_000,
  maxOutputBytes: 1024 * 1024,
  memoryBytes: 512 * 1024 * 1024,
  maxProcesses: 64,
  maxFileBytes: 100 * 1024 * 1024,
  maxWorkspaceBytes: 512 * 1024 * 1024,
  maxWorkspaceFiles: 10_000,
});

export interface AcquireRequest {
  /** Names the workspace: one thread, or one chat completion. Never shown to the code. */
  workspaceId: string;
  tenantId: string;
  limits?: Partial<SandboxLimits>;
  /** By which administrators and logs name the session; its workspace's name where there is none. */
  sessionId?: string;
}

/** The kernels that wait for a session, ready and with the usual libraries imported. */
export interface PoolState {
  /** How many are wanted. */
  size: number;
  ready: number;
  /** Sessions that got one, and sessions that found none. */
  served: number;
  missed: number;
  /** Why the last attempt to make one failed; null if it did not. */
  lastFailure: string | null;
}

export interface SandboxState {
  /** Of sessions that do not ask for others. */
  limits: SandboxLimits;
  pool: PoolState;
  egress: EgressState;
}

/** What code may reach. */
export interface EgressState {
  /** False where the provider lets nothing through, whatever the rules say. */
  isSupported: boolean;
  /** Of tenants, and of all those that have none of their own (`*`). Empty: no code reaches anything. */
  rules: { tenantId: string; hosts: readonly string[]; allowsPrivate: boolean }[];
  /** Requests since the start. */
  allowed: number;
  refused: number;
}

export interface SandboxProvider {
  readonly name: string;
  /** Where sessions live elsewhere, and other processes reach them too. Absent: they live and end with this process. */
  readonly shared?: SharedSessions;
  probe(): Promise<ProbeResult>;
  /** Undefined where no session can be had. */
  state(): SandboxState | undefined;
  /** A fresh session with an empty workspace and a fresh interpreter, from the pool where one waits there. */
  acquire(request: AcquireRequest): Promise<SandboxSession>;
  /** Removes what a killed predecessor left: workspaces, processes. Called once at start. */
  reapOrphans(): Promise<void>;
  /** Ends every session. */
  close(): Promise<void>;
}

export type SandboxStatus =
  | 'ok'
  /** The code raised; the traceback is in stderr. */
  | 'error'
  | 'timeout'
  | 'oom'
  | 'cancelled'
  | 'output_limit'
  | 'disk_limit'
  /** The interpreter died. */
  | 'crashed';

export type SandboxEvent =
  | { type: 'stdout'; text: string }
  | { type: 'stderr'; text: string }
  /** The text form of the last expression's value, as a notebook shows it. */
  | { type: 'result'; text: string }
  /** A figure that the code left open, saved as PNG in the workspace under `name`. */
  | { type: 'image'; name: string }
  /** A file that the call created or changed; images included, each name once. */
  | { type: 'file'; name: string; bytes: number }
  /** Always last, and exactly once. */
  | { type: 'done'; status: SandboxStatus; stateLost: boolean; message?: string };

export interface RunCodeOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface WorkspaceFile {
  /** Relative to /mnt/data, with `/` between folders. */
  name: string;
  bytes: number;
}

/** One interpreter with its workspace at /mnt/data. Variables persist between calls. Calls do not overlap. */
export interface SandboxSession {
  run(code: string, options?: RunCodeOptions): AsyncIterable<SandboxEvent>;
  /** Places a file before or between calls. Folders in the name are made; a name that leads outside is refused. */
  putFile(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  listFiles(): Promise<WorkspaceFile[]>;
  /** Opens a regular file inside the workspace; symlinks and special files are refused. */
  openFile(name: string): Promise<{ bytes: number; stream: Readable }>;
  /** Stops what the code left running, until the next call. Not in the middle of one. */
  pause(): void;
  /** Ends processes and removes the workspace. Safe to call twice. */
  dispose(): Promise<void>;
}

/** A session that stays when its caller has gone: another process may be the next to hold it. */
export interface SharedSession extends SandboxSession {
  readonly id: string;
  /** What the caller before has left for the next of them; empty in a new session. */
  readonly notes: string;
  /** What this caller leaves: it is asked at each call and at the release. */
  nextNotes: () => string;
  /** Lets the next caller in. */
  release(): Promise<void>;
}

/** Of a host of sessions, for administrators. */
export interface SandboxHostView {
  /** Its address, without credentials. */
  name: string;
  provider: string | null;
  probe: ProbeResult;
  state: SandboxState | undefined;
  sessions: SandboxHostSession[];
}

export interface SandboxHostSession {
  id: string;
  tenantId: string;
  createdAt: Date;
  lastUsedAt: Date;
  isBusy: boolean;
}

/** Sessions on hosts of their own, found by their workspace from every process. The hosts end those that are idle. */
export interface SharedSessions {
  /**
   * The workspace's session, for this caller alone until it releases it; a new one if there is none.
   * @throws SandboxError if there can be none, and the signal's reason if that aborts first.
   */
  hold(request: AcquireRequest, signal: AbortSignal): Promise<SharedSession>;
  /** The same, without making one. */
  holdPresent(request: AcquireRequest, signal: AbortSignal): Promise<SharedSession | undefined>;
  /** Ends the workspace's session, wherever it is, even in the middle of a call. */
  endOf(workspace: Pick<AcquireRequest, 'tenantId' | 'workspaceId'>): Promise<void>;
  /** Ends a session by its own id. False if no host that answers has it. */
  kill(sessionId: string): Promise<boolean>;
  hosts(): Promise<SandboxHostView[]>;
}

/** The sandbox itself failed, or none is usable here. The message is fit for users. */
export class SandboxError extends PublicError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SandboxError';
  }
}
