import type { SandboxHostView } from '../../ports/sandbox-provider.js';
import type { WorkspaceKey } from '../../keeper/kept-session.js';
import type { Host } from './host.js';
import { HostFailure } from './host-failure.js';
import type { Hosts } from './hosts.js';
import { readSessions } from './report.js';

/** What is done on every host at once. */
export class HostDirectory {
  constructor(private readonly hosts: Hosts) {}

  /** A host that does not answer ends the session when it has been idle for long. */
  async endOf({ tenantId, workspaceId }: WorkspaceKey): Promise<void> {
    const body = { tenantId, workspaceId };
    await Promise.all(
      (await this.hosts.usable()).map(({ link }) => link.call('POST', '/v1/end', { body }).catch(() => undefined)),
    );
  }

  async kill(sessionId: string): Promise<boolean> {
    const usable = await this.hosts.usable();
    const ended = await Promise.all(usable.map((host) => killOn(host, sessionId)));
    return ended.includes(true);
  }

  async views(): Promise<SandboxHostView[]> {
    await this.hosts.usable();
    return Promise.all(this.hosts.all.map(viewOf));
  }
}

async function killOn({ link }: Host, sessionId: string): Promise<boolean> {
  try {
    await link.call('DELETE', `/v1/sessions/${encodeURIComponent(sessionId)}`);
    return true;
  } catch (error) {
    if (error instanceof HostFailure) return false;
    throw error;
  }
}

async function viewOf(host: Host): Promise<SandboxHostView> {
  const { name, failure, report, link } = host;
  if (failure !== undefined || report === undefined) {
    const probe = { ok: false as const, reason: failure ?? 'It was not heard of.' };
    return { name, provider: null, probe, state: undefined, sessions: [] };
  }
  const sessions = await link.call('GET', '/v1/sessions').then(readSessions, () => []);
  return {
    ...{ name, provider: report.provider, probe: report.probe, state: report.state ?? undefined },
    sessions: sessions.map(({ createdAt, lastUsedAt, ...rest }) => ({
      ...{ ...rest, createdAt: new Date(createdAt), lastUsedAt: new Date(lastUsedAt) },
    })),
  };
}
