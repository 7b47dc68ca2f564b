import { errorMessage } from '@libs/kernel';
import type { PoolState } from '../ports/sandbox-provider.js';

export interface PoolMember {
  /** Whether it can still be given out; a kernel may die while it waits. */
  readonly isReady: boolean;
  dispose(): Promise<void>;
}

export interface PoolOptions<Member> {
  /** How many wait, ready. 0: none, and nothing is ever made. */
  size: number;
  make: () => Promise<Member>;
  /** Whether the machine has memory to spare for one more. */
  hasMemory: () => boolean;
}

/** Whoever took a member runs code on it at once: making the next one must not compete with that. */
const REFILL_DELAY_MS = 100;
const MEMORY_PAUSE_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** Keeps a few members ready, and makes new ones in the background, one at a time. */
export class WarmPool<Member extends PoolMember> {
  private readonly members: Member[] = [];
  private readonly counts = { served: 0, missed: 0 };
  private filling: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private lastFailure: string | null = null;
  private isOpen = false;

  constructor(private readonly options: PoolOptions<Member>) {}

  /** Begins to fill. Before that, and after `close`, it gives nothing out. */
  open(): void {
    this.isOpen = true;
    this.fillAfter(0);
  }

  /** A member that is ready, which is the caller's from now on; undefined where none is. Never waits. */
  take(): Member | undefined {
    if (!this.isOpen || this.options.size === 0) return undefined;
    const member = this.nextReady();
    this.counts[member === undefined ? 'missed' : 'served'] += 1;
    this.fillAfter(REFILL_DELAY_MS);
    return member;
  }

  state(): PoolState {
    const ready = this.members.filter(({ isReady }) => isReady).length;
    return { size: this.options.size, ready, ...this.counts, lastFailure: this.lastFailure };
  }

  /** Ends every member that was not taken, one that is still being made too. */
  async close(): Promise<void> {
    this.isOpen = false;
    clearTimeout(this.timer);
    await this.filling;
    await Promise.all(this.members.splice(0).map((member) => member.dispose()));
  }

  private nextReady(): Member | undefined {
    for (let member = this.members.shift(); member !== undefined; member = this.members.shift()) {
      if (member.isReady) return member;
      // It holds nothing but a folder, which the next server's start would remove as well.
      member.dispose().catch(() => undefined);
    }
    return undefined;
  }

  private fillAfter(delayMs: number): void {
    const isDue = this.filling !== undefined || this.timer !== undefined;
    if (!this.isOpen || isDue || this.members.length >= this.options.size) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.filling = this.fill();
    }, delayMs).unref();
  }

  private async fill(): Promise<void> {
    const pauseMs = await this.makeMissing();
    this.filling = undefined;
    if (pauseMs !== undefined) this.fillAfter(pauseMs);
  }

  /** @returns milliseconds after which to go on, or undefined when it is full or closed. */
  private async makeMissing(): Promise<number | undefined> {
    while (this.isOpen && this.members.length < this.options.size) {
      if (!this.options.hasMemory()) return MEMORY_PAUSE_MS;
      try {
        this.members.push(await this.options.make());
        this.failures = 0;
        this.lastFailure = null;
      } catch (error) {
        // Closing ends what is being made.
        if (!this.isOpen) return undefined;
        this.lastFailure = errorMessage(error);
        this.failures += 1;
        return Math.min(FIRST_RETRY_MS * 2 ** (this.failures - 1), LAST_RETRY_MS);
      }
    }
    return undefined;
  }
}
