import { Module } from '@nestjs/common';
import type { Config } from '@config';
import type { SandboxProvider } from '@libs/sandbox';
import { CONFIG } from '../../common/config.token.js';
import { WorkspaceEnds } from '../../events/workspace-ends.js';
import { SANDBOX_PROVIDER } from '../../providers/sandbox.module.js';
import { OwnPlace } from './installation/own-place.service.js';
import { SandboxInstallation } from './installation/sandbox-installation.service.js';
import { SessionKills } from './installation/session-kills.js';
import { SandboxController } from './sandbox.controller.js';
import { SandboxService } from './sandbox.service.js';
import { HostSessions } from './sessions/host-sessions.js';
import { ProcessSessions } from './sessions/process-sessions.js';
import { SandboxSessions } from './sessions/sandbox-sessions.js';

@Module({
  controllers: [SandboxController],
  providers: [
    SandboxService,
    SandboxInstallation,
    OwnPlace,
    SessionKills,
    {
      provide: SandboxSessions,
      inject: [CONFIG, SANDBOX_PROVIDER, WorkspaceEnds],
      useFactory: (config: Config, provider: SandboxProvider, ends: WorkspaceEnds): SandboxSessions =>
        provider.shared === undefined
          ? new ProcessSessions(config, provider, ends)
          : new HostSessions(provider.shared, ends),
    },
  ],
  exports: [SandboxService, SandboxSessions],
})
export class SandboxModule {}
