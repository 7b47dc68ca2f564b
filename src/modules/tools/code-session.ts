import type { SandboxEvent } from '@libs/sandbox';
import type { TenantScope } from '../../common/principal.js';
import type { HeldSession, SandboxSessions } from '../sandbox/index.js';
import type { KeptFile, WorkspaceSync } from './workspace-sync.js';

/** What came before in the conversation, whichever process it ran in. */
export interface CodeHistory {
  /** The model's id for the last call of this tool that was completed; null if there was none. */
  lastCall(): Promise<string | null>;
}

export interface CodeWorkspace {
  id: string;
  /** Of a conversation that outlives the tools; its session stays. Without it the session ends with the tools. */
  history?: CodeHistory | undefined;
}

export interface CodeCall {
  id: string;
  /** Python. */
  code: string;
  /** Absent: as long as the sandbox allows. */
  timeoutMs?: number | undefined;
}

/** What of a call comes out, as it comes. The files that were kept come behind its end. */
export type CodeEvent = SandboxEvent | ({ type: 'kept' } & KeptFile);

/** Runs Python in a workspace's session, and keeps what it writes. */
export class CodeSession {
  /** Whether code has run before: the session is then what the caller knows it to be. */
  private hasRun = false;

  constructor(
    private readonly sessions: SandboxSessions,
    private readonly files: WorkspaceSync,
    private readonly scope: TenantScope,
    private readonly workspace: CodeWorkspace,
  ) {}

  /** Throws SandboxError where there is no session to be had. */
  async *run({ id, code, timeoutMs }: CodeCall, signal: AbortSignal): AsyncGenerator<CodeEvent> {
    const { held, isLost } = await this.hold(signal);
    try {
      await this.files.placeNew(held);
      held.ledger.noteCall(id);
      this.hasRun = true;
      const written: string[] = [];
      for await (const event of held.session.run(code, { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) })) {
        if (event.type === 'file') written.push(event.name);
        yield event.type === 'done' ? { ...event, stateLost: event.stateLost || isLost } : event;
      }
      yield* this.keep(held, written);
    } finally {
      held.release();
    }
  }

  /** Notes a call that is part of the conversation and changed nothing. */
  noteCall(id: string): Promise<void> {
    return this.sessions.noteCall(this.scope, this.workspace.id, id);
  }

  /** Ends the session, unless the conversation goes on. What it wrote was kept after each call. */
  async dispose(): Promise<void> {
    if (this.workspace.history === undefined) await this.sessions.endOf(this.scope, this.workspace.id);
  }

  /**
   * The session that the caller believes in, or a new one. `isLost`: there was another before. A session is out of date
   * if the conversation went on in another one meanwhile.
   */
  private async hold(signal: AbortSignal): Promise<{ held: HeldSession; isLost: boolean }> {
    const held = await this.sessions.hold(this.scope, this.workspace.id, signal);
    if (this.hasRun) return { held, isLost: held.ledger.isUnused };
    const last = await this.lastCall(held);
    if (last === null || held.ledger.hasRun(last)) return { held, isLost: false };
    if (held.ledger.isUnused) return { held, isLost: true };
    await this.sessions.endOf(this.scope, this.workspace.id);
    held.release();
    return { held: await this.sessions.hold(this.scope, this.workspace.id, signal), isLost: true };
  }

  private async lastCall(held: HeldSession): Promise<string | null> {
    try {
      return (await this.workspace.history?.lastCall()) ?? null;
    } catch (error) {
      held.release();
      throw error;
    }
  }

  private async *keep(held: HeldSession, written: readonly string[]): AsyncGenerator<CodeEvent> {
    for (const name of written) {
      const kept = await this.files.keep(held, name);
      if (kept !== null) yield { type: 'kept', ...kept };
    }
  }
}
