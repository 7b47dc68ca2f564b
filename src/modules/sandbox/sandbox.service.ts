import { Inject, Injectable } from '@nestjs/common';
import type { ProbeResult, SandboxProvider, SandboxSession } from '@libs/sandbox';
import type { TenantScope } from '../../common/principal.js';
import { SANDBOX_PROVIDER } from '../../providers/sandbox.module.js';

/** Sessions for code, from the provider that the probe chose. */
@Injectable()
export class SandboxService {
  constructor(@Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider) {}

  acquire(scope: TenantScope, workspaceId: string): Promise<SandboxSession> {
    return this.provider.acquire({ tenantId: scope.projectId, workspaceId });
  }

  async state(): Promise<{ provider: string } & ProbeResult> {
    return { provider: this.provider.name, ...(await this.provider.probe()) };
  }
}
