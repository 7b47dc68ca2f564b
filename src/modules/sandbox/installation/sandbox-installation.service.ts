import { Inject, Injectable } from '@nestjs/common';
import { sleep } from '@libs/kernel';
import type { SandboxHostView, SandboxProvider } from '@libs/sandbox';
import { ProcessBoard } from '../../../events/process-board.js';
import { SANDBOX_PROVIDER } from '../../../providers/sandbox.module.js';
import { SandboxSessions } from '../sessions/sandbox-sessions.js';
import { OwnPlace } from './own-place.service.js';
import { placeFromText, type SandboxPlace } from './sandbox-place.js';
import { SessionKills } from './session-kills.js';

const KILL_PATIENCE_MS = 10_000;
const KILL_LOOK_MS = 100;

/** Every process and every host in which code of this installation runs. */
@Injectable()
export class SandboxInstallation {
  constructor(
    private readonly own: OwnPlace,
    private readonly board: ProcessBoard,
    private readonly sessions: SandboxSessions,
    private readonly kills: SessionKills,
    @Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider,
  ) {}

  /** This process first, as it is now; the others as they were a second ago; then the hosts. */
  async places(): Promise<[own: SandboxPlace, ...others: SandboxPlace[]]> {
    const [own, others, hosts] = await Promise.all([this.own.view(), this.others(), this.provider.shared?.hosts()]);
    return [own, ...others, ...(hosts ?? []).map(placeOfHost)];
  }

  /**
   * Ends a session, wherever it lives, even in the middle of a call.
   * @returns gone: there is no such session. slow: its process has not ended it yet.
   */
  async kill(sessionId: string): Promise<'ended' | 'gone' | 'slow'> {
    if (await this.sessions.kill(sessionId)) return 'ended';
    if (!(await this.isElsewhere(sessionId))) return 'gone';
    await this.kills.announce(sessionId);
    const deadline = Date.now() + KILL_PATIENCE_MS;
    while (Date.now() < deadline) {
      await sleep(KILL_LOOK_MS);
      if (!(await this.isElsewhere(sessionId))) return 'ended';
    }
    return 'slow';
  }

  private async isElsewhere(sessionId: string): Promise<boolean> {
    return (await this.others()).some(({ sessions }) => sessions.some(({ id }) => id === sessionId));
  }

  private async others(): Promise<SandboxPlace[]> {
    const entries = await this.board.read();
    return entries
      .filter(({ processId }) => processId !== this.own.id)
      .map(({ data }) => placeFromText(data))
      .sort((one, other) => one.id.localeCompare(other.id));
  }
}

function placeOfHost({ name, provider, probe, state, sessions }: SandboxHostView): SandboxPlace {
  return {
    ...{ id: name, role: 'sandbox', provider: provider ?? 'unknown', probe, state },
    sessions: sessions.map(({ tenantId, ...session }) => ({ ...session, projectId: tenantId })),
  };
}
