import { newId } from '@libs/kernel';
import type { AcquireRequest, SandboxSession } from '../ports/sandbox-provider.js';
import { KeptSession, type WorkspaceKey } from './kept-session.js';

/** A session while one caller has it to itself. */
export interface KeptHold<Notes> {
  kept: KeptSession<Notes>;
  session: SandboxSession;
  /** Lets the next caller in. */
  release(): void;
}

export interface KeeperOptions<Notes> {
  acquire: (request: AcquireRequest) => Promise<SandboxSession>;
  /** Time without a call after which a session ends. */
  idleMs: number;
  maxSessions: number;
  /** What a new session begins with. */
  newNotes: () => Notes;
  /** What a session left behind at its end; the next start removes it. */
  onLeftBehind: (error: unknown) => void;
}

/**
 * Interpreters, one for each workspace that uses one. They stay between calls, until nobody has used them for long,
 * another workspace needs the place, or somebody ends them.
 */
export class SessionKeeper<Notes> {
  private readonly sessions = new Map<string, KeptSession<Notes>>();
  private readonly shutdown = new AbortController();
  /** Those who wait for a place, in the order in which they came. */
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: KeeperOptions<Notes>) {}

  /** Ends every session, and lets nobody in any more. */
  async close(): Promise<void> {
    this.shutdown.abort(new Error('The server is shutting down.'));
    await Promise.all(this.list().map((kept) => this.end(kept)));
  }

  /**
   * The workspace's session, for this caller alone until it releases it; a new one if there is none.
   * @throws SandboxError if there can be none, and the signal's reason if that aborts first.
   */
  async hold(request: AcquireRequest, callerSignal: AbortSignal): Promise<KeptHold<Notes>> {
    const signal = AbortSignal.any([callerSignal, this.shutdown.signal]);
    for (;;) {
      const kept = this.find(request) ?? (await this.open(request, signal));
      await kept.turns.take(signal).catch((error: unknown) => {
        this.rest(kept);
        throw error;
      });
      const held = kept.hasEnded ? undefined : await this.enter(kept);
      if (held !== undefined) return held;
      kept.turns.pass();
    }
  }

  /** The workspace's session, whoever has it at the moment. */
  find(key: WorkspaceKey): KeptSession<Notes> | undefined {
    return this.sessions.get(nameOf(key));
  }

  /** The one unused for longest comes first. */
  list(): KeptSession<Notes>[] {
    return [...this.sessions.values()].sort((one, other) => one.lastUsedAt.getTime() - other.lastUsedAt.getTime());
  }

  /** Ends a session, even in the middle of a call. Never rejects: what cannot be removed now is at the next start. */
  async end(kept: KeptSession<Notes>): Promise<void> {
    if (kept.hasEnded) return;
    kept.hasEnded = true;
    clearTimeout(kept.idleTimer);
    this.sessions.delete(nameOf(kept.key));
    this.wakeWaiting();
    try {
      const session = await kept.opening.catch(() => undefined);
      await session?.dispose();
    } catch (error) {
      this.options.onLeftBehind(error);
    }
  }

  private async open(request: AcquireRequest, signal: AbortSignal): Promise<KeptSession<Notes>> {
    // Nothing may come between the last look and the taking of the place.
    while (this.sessions.size >= this.options.maxSessions) await this.makePlace(signal);
    // Another caller of the same workspace may have waited for a place, too.
    const present = this.find(request);
    if (present !== undefined) return present;
    const { acquire, newNotes } = this.options;
    const sessionId = newId('sandboxSession');
    const kept = new KeptSession(sessionId, request, acquire({ ...request, sessionId }), newNotes());
    this.sessions.set(nameOf(request), kept);
    return kept;
  }

  /** @returns undefined if it was ended while it opened */
  private async enter(kept: KeptSession<Notes>): Promise<KeptHold<Notes> | undefined> {
    clearTimeout(kept.idleTimer);
    try {
      const session = await kept.opening;
      return kept.hasEnded ? undefined : { kept, session, release: () => this.release(kept, session) };
    } catch (error) {
      kept.turns.pass();
      await this.end(kept);
      throw error;
    }
  }

  private release(kept: KeptSession<Notes>, session: SandboxSession): void {
    kept.lastUsedAt = new Date();
    kept.turns.pass();
    // What the code left running would have the processor for the whole idle time.
    if (!kept.hasEnded && !kept.turns.isBusy) session.pause();
    this.rest(kept);
  }

  /** Nobody uses it for now: its time runs, and it may have to give up its place. */
  private rest(kept: KeptSession<Notes>): void {
    if (kept.hasEnded || kept.turns.isBusy) return;
    clearTimeout(kept.idleTimer);
    kept.idleTimer = setTimeout(() => void this.end(kept), this.options.idleMs).unref();
    this.wakeWaiting();
  }

  /** Takes the place of the session that is unused for longest; where all are in use, waits for a change. */
  private async makePlace(signal: AbortSignal): Promise<void> {
    const idle = this.list().find(({ turns }) => !turns.isBusy);
    if (idle === undefined) await this.change(signal);
    else await this.end(idle);
  }

  private change(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(enter);
    });
  }

  private wakeWaiting(): void {
    for (const enter of this.waiting.splice(0)) enter();
  }
}

function nameOf({ tenantId, workspaceId }: WorkspaceKey): string {
  return JSON.stringify([tenantId, workspaceId]);
}
