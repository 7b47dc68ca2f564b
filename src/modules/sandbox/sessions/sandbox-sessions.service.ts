import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage, sleep } from '@libs/kernel';
import type { SandboxProvider, SandboxSession } from '@libs/sandbox';
import { CONFIG } from '../../../common/config.token.js';
import type { TenantScope } from '../../../common/principal.js';
import { WorkspaceEnds } from '../../../events/workspace-ends.js';
import { SANDBOX_PROVIDER } from '../../../providers/sandbox.module.js';
import { LiveSession } from './live-session.js';

/** A session while one caller has it to itself. */
export interface HeldSession {
  live: LiveSession;
  session: SandboxSession;
  /** Lets the next caller in. */
  release(): void;
}

const LISTEN_AGAIN_MS = 5_000;

/**
 * The interpreters of this process, one for each workspace that uses one. They stay between calls, until nobody has
 * used them for long, another workspace needs the place, or their thread is deleted.
 */
@Injectable()
export class SandboxSessions implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Sandbox');
  private readonly sessions = new Map<string, LiveSession>();
  private readonly shutdown = new AbortController();
  /** Those who wait for a place, in the order in which they came. */
  private readonly waiting: (() => void)[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'SANDBOX_IDLE_SECONDS' | 'SANDBOX_MAX_SESSIONS'>,
    @Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider,
    private readonly ends: WorkspaceEnds,
  ) {}

  onModuleInit(): void {
    void this.followEnds();
  }

  async onApplicationShutdown(): Promise<void> {
    this.shutdown.abort(new Error('The server is shutting down.'));
    await Promise.all(this.list().map((live) => this.end(live)));
  }

  /**
   * The workspace's session, for this caller alone until it releases it; a new one if there is none.
   * @throws SandboxError if there can be none, and the signal's reason if that aborts first.
   */
  async hold(scope: TenantScope, workspaceId: string, callerSignal: AbortSignal): Promise<HeldSession> {
    const signal = AbortSignal.any([callerSignal, this.shutdown.signal]);
    for (;;) {
      const live = this.find(scope, workspaceId) ?? (await this.open(scope, workspaceId, signal));
      await live.turns.take(signal).catch((error: unknown) => {
        this.rest(live);
        throw error;
      });
      const held = live.hasEnded ? undefined : await this.enter(live);
      if (held !== undefined) return held;
      live.turns.pass();
    }
  }

  /** Ends the workspace's session, if there is one here, even in the middle of a call. */
  async endOf(scope: TenantScope, workspaceId: string): Promise<void> {
    const live = this.find(scope, workspaceId);
    if (live !== undefined) await this.end(live);
  }

  /** Ends a session by its own id, even in the middle of a call. False if there is no such session here. */
  async kill(id: string): Promise<boolean> {
    const live = this.list().find((each) => each.id === id);
    if (live !== undefined) await this.end(live);
    return live !== undefined;
  }

  /** Those of every tenant: for administrators. The one unused for longest comes first. */
  list(): LiveSession[] {
    return [...this.sessions.values()].sort((one, other) => one.lastUsedAt.getTime() - other.lastUsedAt.getTime());
  }

  /** The workspace's session, whoever has it at the moment. */
  find(scope: TenantScope, workspaceId: string): LiveSession | undefined {
    return this.sessions.get(keyOf(scope.projectId, workspaceId));
  }

  private async open(scope: TenantScope, workspaceId: string, signal: AbortSignal): Promise<LiveSession> {
    // Nothing may come between the last look and the taking of the place.
    while (this.sessions.size >= this.config.SANDBOX_MAX_SESSIONS) await this.makePlace(signal);
    // Another caller of the same workspace may have waited for a place, too.
    const present = this.find(scope, workspaceId);
    if (present !== undefined) return present;
    const opening = this.provider.acquire({ tenantId: scope.projectId, workspaceId });
    const live = new LiveSession(scope.projectId, workspaceId, opening);
    this.sessions.set(keyOf(scope.projectId, workspaceId), live);
    return live;
  }

  /** @returns undefined if it was ended while it opened */
  private async enter(live: LiveSession): Promise<HeldSession | undefined> {
    clearTimeout(live.idleTimer);
    try {
      const session = await live.opening;
      return live.hasEnded ? undefined : { live, session, release: () => this.release(live, session) };
    } catch (error) {
      live.turns.pass();
      await this.end(live);
      throw error;
    }
  }

  private release(live: LiveSession, session: SandboxSession): void {
    live.lastUsedAt = new Date();
    live.turns.pass();
    // What the code left running would have the processor for the whole idle time.
    if (!live.hasEnded && !live.turns.isBusy) session.pause();
    this.rest(live);
  }

  /** Nobody uses it for now: its time runs, and it may have to give up its place. */
  private rest(live: LiveSession): void {
    if (live.hasEnded || live.turns.isBusy) return;
    clearTimeout(live.idleTimer);
    live.idleTimer = setTimeout(() => void this.end(live), this.config.SANDBOX_IDLE_SECONDS * 1000).unref();
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

  /** Never rejects: what cannot be removed now is removed at the next start. */
  private async end(live: LiveSession): Promise<void> {
    if (live.hasEnded) return;
    live.hasEnded = true;
    clearTimeout(live.idleTimer);
    this.sessions.delete(keyOf(live.projectId, live.workspaceId));
    this.wakeWaiting();
    try {
      const session = await live.opening.catch(() => undefined);
      await session?.dispose();
    } catch (error) {
      this.logger.warn(`A session left something behind: ${errorMessage(error)}`);
    }
  }

  private async followEnds(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      try {
        for await (const { projectId, workspaceId } of this.ends.follow(signal)) {
          await this.endOf({ projectId }, workspaceId);
        }
      } catch (error) {
        this.logger.warn(`Deleted threads are not heard of: ${errorMessage(error)}`);
      }
      await sleep(LISTEN_AGAIN_MS, signal);
    }
  }
}

function keyOf(projectId: string, workspaceId: string): string {
  return `${projectId}/${workspaceId}`;
}
