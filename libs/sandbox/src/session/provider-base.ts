import { EgressDesk } from '../egress/egress-desk.js';
import type { EgressOptions } from '../egress/egress-policy.js';
import type { EgressSession } from '../egress/egress-session.js';
import { preloadedModules } from '../pool/preloaded-modules.js';
import { hasSpareMemory } from '../pool/spare-memory.js';
import { WarmPool } from '../pool/warm-pool.js';
import { DEFAULT_SANDBOX_LIMITS, SandboxError } from '../ports/sandbox-provider.js';
import type { AcquireRequest, ProbeResult, SandboxLimits, SandboxProvider } from '../ports/sandbox-provider.js';
import type { SandboxSession, SandboxState } from '../ports/sandbox-provider.js';
import { KernelSession, type SessionParts } from './kernel-session.js';

export interface ProviderBaseOptions {
  /** Of sessions that do not ask for others. */
  limits?: Partial<SandboxLimits>;
  warmKernels?: number;
  /** What code may reach; absent: nothing. */
  egress?: EgressOptions;
}

export type PreparedParts = Omit<SessionParts, 'limits' | 'onDisposed'>;

/** What providers share: limits, the register of live sessions, the pool of warm ones, and a probe made once. */
export abstract class ProviderBase implements SandboxProvider {
  abstract readonly name: string;
  /** Whether sessions can have a way out. */
  protected readonly letsOut: boolean = false;
  private readonly egress: EgressDesk;
  private readonly limits: SandboxLimits;
  private readonly sessions = new Set<SandboxSession>();
  private readonly pool: WarmPool<KernelSession>;
  private preload: readonly string[] = [];
  private probed: Promise<ProbeResult> | undefined;
  private isClosed = false;

  constructor({ limits, warmKernels = 0, egress }: ProviderBaseOptions) {
    this.egress = new EgressDesk(egress);
    this.limits = { ...DEFAULT_SANDBOX_LIMITS, ...limits };
    this.pool = new WarmPool({
      size: warmKernels,
      make: () => this.openSession(this.limits, this.preload, undefined),
      hasMemory: hasSpareMemory,
    });
  }

  probe(): Promise<ProbeResult> {
    this.probed ??= this.probeAndWarm();
    return this.probed;
  }

  state(): SandboxState {
    return { limits: this.limits, pool: this.pool.state(), egress: this.egress.state(this.letsOut) };
  }

  /** A warm session is whole: its kernel runs in its own workspace, under its own limits and its own user id. */
  async acquire(request: AcquireRequest): Promise<SandboxSession> {
    const limits = { ...this.limits, ...request.limits };
    const egress = this.letsOut ? this.egress.sessionFor(request) : undefined;
    // A kernel that waits has no way out, and a filter that allows none.
    const warm = egress === undefined && this.areDefault(limits) ? this.pool.take() : undefined;
    return warm ?? this.openSession(limits, [], egress);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const closing = this.pool.close();
    await Promise.all([...this.sessions].map((session) => session.dispose()));
    await closing;
    await this.onClose();
  }

  abstract reapOrphans(): Promise<void>;

  /** A workspace, and how kernels are started on it. */
  protected abstract prepare(limits: SandboxLimits, egress: EgressSession | undefined): Promise<PreparedParts>;

  /** After the last session's end. */
  protected abstract onClose(): Promise<void>;

  protected abstract runProbe(): Promise<ProbeResult>;

  private async probeAndWarm(): Promise<ProbeResult> {
    const result = await this.runProbe();
    if (result.ok && !this.isClosed) {
      this.preload = preloadedModules(result.modules);
      this.pool.open();
    }
    return result;
  }

  private async openSession(
    limits: SandboxLimits,
    preload: readonly string[],
    egress: EgressSession | undefined,
  ): Promise<KernelSession> {
    this.assertOpen();
    const parts = await this.prepare(limits, egress);
    const session = new KernelSession({ ...parts, limits, onDisposed: () => void this.sessions.delete(session) });
    this.sessions.add(session);
    try {
      // It may have been closed while the workspace was made, and would then never dispose of this session.
      this.assertOpen();
      await session.open(preload);
    } catch (error) {
      await session.dispose();
      throw error;
    }
    return session;
  }

  private assertOpen(): void {
    if (this.isClosed) throw new SandboxError('The sandbox has been closed.');
  }

  private areDefault(limits: SandboxLimits): boolean {
    return (Object.keys(this.limits) as (keyof SandboxLimits)[]).every((name) => limits[name] === this.limits[name]);
  }
}
