import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '@libs/openai-wire';
import { ANY_TENANT, SandboxError, type ProbeResult, type SandboxProvider } from '@libs/sandbox';
import type { TenantScope } from '../../common/principal.js';
import { SANDBOX_PROVIDER } from '../../providers/sandbox.module.js';
import { OwnPlace } from './installation/own-place.service.js';
import { SandboxInstallation } from './installation/sandbox-installation.service.js';
import type { SandboxPlace } from './installation/sandbox-place.js';

/** The provider that the probe chose, and what runs in it. */
@Injectable()
export class SandboxService {
  constructor(
    @Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider,
    private readonly own: OwnPlace,
    private readonly installation: SandboxInstallation,
  ) {}

  /** Of this process, without waiting for a probe that is still under way. */
  async state(): Promise<{ provider: string } & ProbeResult> {
    return { provider: this.provider.name, ...(await this.own.probe()) };
  }

  /** The importable third-party modules; null while that is not known. */
  async modules(): Promise<string[] | null> {
    const state = await this.state();
    return state.ok ? state.modules : null;
  }

  /** What the code of a project may reach, as `host:port` or `*.domain:port`; empty while that is not known. */
  reachableHosts({ projectId }: TenantScope): readonly string[] {
    const { isSupported = false, rules = [] } = this.provider.state()?.egress ?? {};
    const ruleOf = (tenantId: string): (typeof rules)[number] | undefined =>
      rules.find((rule) => rule.tenantId === tenantId);
    return isSupported ? ((ruleOf(projectId) ?? ruleOf(ANY_TENANT))?.hosts ?? []) : [];
  }

  /** Of every process, host and tenant: for administrators. The process that answers comes first. */
  overview(): Promise<[own: SandboxPlace, ...others: SandboxPlace[]]> {
    return this.installation.places();
  }

  /** Throws 404 where the installation has no such session. */
  async kill(id: string): Promise<void> {
    const outcome = await this.installation.kill(id);
    if (outcome === 'gone') throw notFound('sandbox session', id);
    if (outcome === 'slow') throw new SandboxError('The process that has the session does not end it. Try again.');
  }
}
