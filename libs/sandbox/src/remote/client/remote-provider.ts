import { DEFAULT_SANDBOX_LIMITS, SandboxError } from '../../ports/sandbox-provider.js';
import type { AcquireRequest, ProbeResult, SandboxLimits, SandboxProvider } from '../../ports/sandbox-provider.js';
import type { SandboxSession, SandboxState, SharedSession, SharedSessions } from '../../ports/sandbox-provider.js';
import { assertLongEnough } from '../wire/token.js';
import { HostDirectory } from './host-directory.js';
import { Hosts } from './hosts.js';
import { combinedProbe, combinedState } from './combined.js';
import { RemoteSession } from './remote-session.js';

export interface RemoteOptions {
  /** Of the hosts, such as `http://10.0.0.5:8300`. */
  urls: readonly string[];
  token: string;
  /** Of sessions that do not ask for others. Hosts hold their own, where those are lower. */
  limits?: Partial<SandboxLimits>;
  /** Time without a byte after which an answer counts as lost. */
  silenceMs?: number;
}

/** The sandbox of other machines, over HTTP. It believes nothing of them that their code could have forged. */
export class RemoteProvider implements SandboxProvider {
  readonly name = 'remote';
  readonly shared: SharedSessions;
  private readonly hosts: Hosts;
  private readonly limits: SandboxLimits;
  private readonly sessions = new Set<RemoteSession>();
  private isClosed = false;

  constructor({ urls, token, limits, silenceMs }: RemoteOptions) {
    assertLongEnough(token);
    this.hosts = new Hosts(urls, token, silenceMs);
    this.limits = { ...DEFAULT_SANDBOX_LIMITS, ...limits };
    const hold = this.hold.bind(this, 'shared');
    const directory = new HostDirectory(this.hosts);
    this.shared = {
      hold: async (request, signal) => present(await hold(request, signal, false)),
      holdPresent: (request, signal) => hold(request, signal, true),
      endOf: (workspace) => directory.endOf(workspace),
      kill: (id) => directory.kill(id),
      hosts: () => directory.views(),
    };
  }

  /** As things stand: hosts come and go. What one of them does not hold or have, counts as missing. */
  async probe(): Promise<ProbeResult> {
    const usable = await this.hosts.usable();
    return combinedProbe(this.hosts.all, usable);
  }

  state(): SandboxState | undefined {
    return combinedState(this.hosts.all, this.limits);
  }

  async acquire(request: AcquireRequest): Promise<SandboxSession> {
    return present(await this.hold('own', request, new AbortController().signal, false));
  }

  /** Hosts reap what they left themselves. */
  reapOrphans(): Promise<void> {
    return Promise.resolve();
  }

  /** Gives back what this process holds. Shared sessions stay. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.sessions].map((session) => session.release()));
    await this.hosts.close();
  }

  private async hold(
    kind: 'own' | 'shared',
    { tenantId, workspaceId, limits = {} }: AcquireRequest,
    signal: AbortSignal,
    mustExist: boolean,
  ): Promise<SharedSession | undefined> {
    if (this.isClosed) throw new SandboxError('The sandbox has been closed.');
    const granted = await this.hosts.hold({ tenantId, workspaceId, kind, mustExist, limits }, signal);
    if (granted === undefined) return undefined;
    const session = new RemoteSession({
      ...{
        link: granted.host.link,
        id: granted.session,
        hold: granted.hold,
        notes: granted.notes,
        leaseMs: granted.leaseMs,
      },
      limits: { ...this.limits, ...limits },
      onEnded: (ended) => this.sessions.delete(ended),
    });
    this.sessions.add(session);
    return session;
  }
}

function present(session: SharedSession | undefined): SharedSession {
  if (session === undefined) throw new SandboxError('No sandbox host is available.');
  return session;
}
