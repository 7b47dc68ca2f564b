import { newId } from '@libs/kernel';
import type { SandboxSession } from '@libs/sandbox';
import { Turns } from './turns.js';

/** Calls remembered of one session; the newest are asked for. */
const MOST_CALLS = 200;

/** An interpreter of one workspace, from the wish for it until its end. */
export class LiveSession {
  readonly id = newId('sandboxSession');
  readonly createdAt = new Date();
  readonly turns = new Turns();
  /** What lies in its workspace: place (kind and name) -> file id. Belongs to whoever has the turn. */
  readonly placed = new Map<string, string>();
  lastUsedAt = this.createdAt;
  hasEnded = false;
  idleTimer: NodeJS.Timeout | undefined;
  private readonly calls = new Set<string>();

  constructor(
    readonly projectId: string,
    readonly workspaceId: string,
    /** Rejects if there can be none. */
    readonly opening: Promise<SandboxSession>,
  ) {
    // Whoever has the turn hears of it; there may be nobody.
    opening.catch(() => undefined);
  }

  /** Whether nothing has run in it yet. */
  get isUnused(): boolean {
    return this.calls.size === 0;
  }

  /** Whether the call, by the model's id for it, ran here. */
  hasRun(callId: string): boolean {
    return this.calls.has(callId);
  }

  noteCall(callId: string): void {
    this.calls.add(callId);
    const [oldest] = this.calls;
    if (this.calls.size > MOST_CALLS && oldest !== undefined) this.calls.delete(oldest);
  }
}
