import { Inject, Injectable } from '@nestjs/common';
import type { ProbeResult, SandboxProvider, SandboxSession } from '@libs/sandbox';
import type { TenantScope } from '../../common/principal.js';
import { CHOOSING } from '../../providers/eventual-sandbox.js';
import { SANDBOX_PROVIDER } from '../../providers/sandbox.module.js';

/** Sessions for code, from the provider that the probe chose. */
@Injectable()
export class SandboxService {
  constructor(@Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider) {}

  acquire(scope: TenantScope, workspaceId: string): Promise<SandboxSession> {
    return this.provider.acquire({ tenantId: scope.projectId, workspaceId });
  }

  /** Without waiting for a probe that is still under way. */
  async state(): Promise<{ provider: string } & ProbeResult> {
    const provider = this.provider.name;
    if (provider === CHOOSING) return { provider, ok: false, reason: 'The sandbox is still being probed.' };
    return { provider, ...(await this.provider.probe()) };
  }
}
