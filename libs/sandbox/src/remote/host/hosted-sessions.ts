import { randomUUID } from 'node:crypto';
import { DEFAULT_SANDBOX_LIMITS, type SandboxLimits, type SandboxProvider } from '../../ports/sandbox-provider.js';
import { SessionKeeper } from '../../keeper/session-keeper.js';
import type { KeptSession, WorkspaceKey } from '../../keeper/kept-session.js';
import type { HoldRequest, HostReport, HostSession } from '../wire/wire.js';
import { Holds, type Hold } from './holds.js';

export interface HostedOptions {
  provider: SandboxProvider;
  /** Time without a call after which a shared session ends. */
  idleMs: number;
  maxSessions: number;
  /** Time after which a hold that is not renewed is taken away. */
  leaseMs?: number;
  onLeftBehind: (error: unknown) => void;
}

/** The sessions of a host, for callers that come and go. */
export class HostedSessions {
  private readonly boot = randomUUID();
  private readonly keeper: SessionKeeper<string>;
  private readonly holds: Holds;

  constructor(private readonly options: HostedOptions) {
    const { provider } = options;
    this.keeper = new SessionKeeper({
      ...options,
      acquire: (request) => provider.acquire(request),
      newNotes: () => '',
    });
    this.holds = new Holds((kept) => this.keeper.end(kept), options.leaseMs);
  }

  get longestCallMs(): number {
    return this.limits.timeoutMs;
  }

  get leaseMs(): number {
    return this.holds.leaseMs;
  }

  /** @returns undefined if it must exist already and does not */
  async hold({ kind, mustExist, limits, ...key }: HoldRequest, signal: AbortSignal): Promise<Hold | undefined> {
    if (mustExist && this.keeper.find(key) === undefined) return undefined;
    // A workspace's name never has a space before it: nobody finds the session by one.
    const workspaceId = kind === 'own' ? ` ${randomUUID()}` : key.workspaceId;
    const request = { tenantId: key.tenantId, workspaceId, limits: this.within(limits) };
    return this.holds.grant(await this.keeper.hold(request, signal), kind === 'own');
  }

  find(id: string): Hold | undefined {
    return this.holds.find(id);
  }

  renew(hold: Hold): void {
    this.holds.renew(hold);
  }

  release(hold: Hold): Promise<void> {
    return this.holds.release(hold);
  }

  lookUp(key: WorkspaceKey): KeptSession<string> | undefined {
    return this.keeper.find(key);
  }

  list(): HostSession[] {
    return this.keeper.list().map(({ id, key, createdAt, lastUsedAt, turns }) => ({
      ...{ id, tenantId: key.tenantId, isBusy: turns.isBusy },
      ...{ createdAt: createdAt.getTime(), lastUsedAt: lastUsedAt.getTime() },
    }));
  }

  end(kept: KeptSession<string>): Promise<void> {
    return this.keeper.end(kept);
  }

  /** False if there is no such session. */
  async kill(id: string): Promise<boolean> {
    const kept = this.keeper.list().find((each) => each.id === id);
    if (kept !== undefined) await this.keeper.end(kept);
    return kept !== undefined;
  }

  async report(): Promise<HostReport> {
    const { provider, maxSessions } = this.options;
    const sessions = this.list();
    return {
      boot: this.boot,
      provider: provider.name,
      probe: await provider.probe(),
      state: provider.state() ?? null,
      sessions: sessions.length,
      busySessions: sessions.filter(({ isBusy }) => isBusy).length,
      maxSessions,
    };
  }

  async close(): Promise<void> {
    this.holds.close();
    await this.keeper.close();
  }

  private get limits(): SandboxLimits {
    return this.options.provider.state()?.limits ?? DEFAULT_SANDBOX_LIMITS;
  }

  /** Callers may ask for less than the host's own limits, never for more. */
  private within(wanted: Partial<SandboxLimits>): Partial<SandboxLimits> {
    const { limits } = this;
    const names = Object.keys(wanted) as (keyof SandboxLimits)[];
    return Object.fromEntries(names.map((name) => [name, Math.min(wanted[name] ?? limits[name], limits[name])]));
  }
}
