import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '@libs/openai-wire';
import type { ProbeResult, SandboxProvider, SandboxState } from '@libs/sandbox';
import { CHOOSING } from '../../providers/eventual-sandbox.js';
import { SANDBOX_PROVIDER } from '../../providers/sandbox.module.js';
import type { LiveSession } from './sessions/live-session.js';
import { SandboxSessions } from './sessions/sandbox-sessions.service.js';

/** What there is to know of the sandbox of this process. */
export interface SandboxOverview {
  provider: string;
  probe: ProbeResult;
  /** Undefined where no session can be had. */
  state: SandboxState | undefined;
  sessions: LiveSession[];
}

/** The provider that the probe chose, and what runs in it. */
@Injectable()
export class SandboxService {
  constructor(
    @Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider,
    private readonly sessions: SandboxSessions,
  ) {}

  /** Without waiting for a probe that is still under way. */
  async state(): Promise<{ provider: string } & ProbeResult> {
    const provider = this.provider.name;
    if (provider === CHOOSING) return { provider, ok: false, reason: 'The sandbox is still being probed.' };
    return { provider, ...(await this.provider.probe()) };
  }

  /** The importable third-party modules; null while that is not known. */
  async modules(): Promise<string[] | null> {
    const state = await this.state();
    return state.ok ? state.modules : null;
  }

  /** Of every tenant: for administrators. */
  async overview(): Promise<SandboxOverview> {
    const { provider, ...probe } = await this.state();
    return { provider, probe, state: this.provider.state(), sessions: this.sessions.list() };
  }

  /** Throws 404 where this process has no such session. */
  async kill(id: string): Promise<void> {
    if (!(await this.sessions.kill(id))) throw notFound('sandbox session', id);
  }
}
