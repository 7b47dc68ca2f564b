import { randomBytes } from 'node:crypto';
import type { SandboxSession } from '../../ports/sandbox-provider.js';
import type { KeptHold } from '../../keeper/session-keeper.js';
import type { KeptSession } from '../../keeper/kept-session.js';
import { HOLD_LEASE_MS } from '../wire/wire.js';

/** A call of a hold, from its beginning until what it started has ended. */
export class CallUnderWay {
  private readonly stopping = new AbortController();
  private hasEnded = false;
  private resolve: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => (this.resolve = resolve));

  /** @param lost aborts when nobody listens any more */
  constructor(lost: AbortSignal) {
    if (lost.aborted) this.stop();
    lost.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** Aborts when the call is to end. */
  get stopped(): AbortSignal {
    return this.stopping.signal;
  }

  /** Whether it goes on and nobody has asked for its end. */
  get isUnderWay(): boolean {
    return !this.hasEnded && !this.stopped.aborted;
  }

  stop(): void {
    this.stopping.abort();
  }

  markEnded(): void {
    this.hasEnded = true;
    this.resolve();
  }
}

/** One caller's turn with a session, as long as it is renewed. */
export class Hold {
  readonly id = randomBytes(24).toString('base64url');
  call: CallUnderWay | undefined;
  timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly held: KeptHold<string>,
    /** Nobody else finds the session: it ends with the hold. */
    readonly isOwn: boolean,
  ) {}

  get kept(): KeptSession<string> {
    return this.held.kept;
  }

  get session(): SandboxSession {
    return this.held.session;
  }

  pass(): void {
    this.held.release();
  }
}

/** The turns that callers have at the moment. */
export class Holds {
  private readonly holds = new Map<string, Hold>();

  constructor(
    private readonly endSession: (kept: KeptSession<string>) => Promise<void>,
    readonly leaseMs = HOLD_LEASE_MS,
  ) {}

  grant(held: KeptHold<string>, isOwn: boolean): Hold {
    const hold = new Hold(held, isOwn);
    this.holds.set(hold.id, hold);
    this.renew(hold);
    return hold;
  }

  find(id: string): Hold | undefined {
    return this.holds.get(id);
  }

  renew(hold: Hold): void {
    clearTimeout(hold.timer);
    hold.timer = setTimeout(() => void this.release(hold), this.leaseMs).unref();
  }

  /** Ends a call under way, and lets the next caller in. Safe to call twice. */
  async release(hold: Hold): Promise<void> {
    clearTimeout(hold.timer);
    if (!this.holds.delete(hold.id)) return;
    hold.call?.stop();
    if (hold.isOwn) await this.endSession(hold.kept);
    await hold.call?.ended;
    hold.pass();
  }

  close(): void {
    for (const hold of this.holds.values()) clearTimeout(hold.timer);
    this.holds.clear();
  }
}
