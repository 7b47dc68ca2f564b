import { DEFAULT_SANDBOX_LIMITS, SandboxError } from '../ports/sandbox-provider.js';
import type { AcquireRequest, ProbeResult, SandboxLimits, SandboxProvider } from '../ports/sandbox-provider.js';
import type { SandboxSession } from '../ports/sandbox-provider.js';
import { KernelSession, type SessionParts } from './kernel-session.js';

/** What providers share: limits, the register of live sessions, and a probe that is made once. */
export abstract class ProviderBase implements SandboxProvider {
  abstract readonly name: string;
  private readonly sessions = new Set<SandboxSession>();
  private probed: Promise<ProbeResult> | undefined;
  private isClosed = false;

  constructor(private readonly defaultLimits: Partial<SandboxLimits>) {}

  probe(): Promise<ProbeResult> {
    this.probed ??= this.runProbe();
    return this.probed;
  }

  async acquire(request: AcquireRequest): Promise<SandboxSession> {
    if (this.isClosed) throw new SandboxError('The sandbox has been closed.');
    const limits = { ...DEFAULT_SANDBOX_LIMITS, ...this.defaultLimits, ...request.limits };
    const parts = await this.prepare(limits);
    const session = new KernelSession({ ...parts, limits, onDisposed: () => void this.sessions.delete(session) });
    this.sessions.add(session);
    try {
      await session.open();
    } catch (error) {
      await session.dispose();
      throw error;
    }
    return session;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.sessions].map((session) => session.dispose()));
    await this.onClose();
  }

  abstract reapOrphans(): Promise<void>;

  /** A workspace, and how kernels are started on it. */
  protected abstract prepare(limits: SandboxLimits): Promise<Omit<SessionParts, 'limits' | 'onDisposed'>>;

  /** After the last session's end. */
  protected abstract onClose(): Promise<void>;

  protected abstract runProbe(): Promise<ProbeResult>;
}
