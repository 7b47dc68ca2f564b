import { Module } from '@nestjs/common';
import { SandboxController } from './sandbox.controller.js';
import { SandboxService } from './sandbox.service.js';
import { SandboxSessions } from './sessions/sandbox-sessions.service.js';

@Module({
  controllers: [SandboxController],
  providers: [SandboxService, SandboxSessions],
  exports: [SandboxService, SandboxSessions],
})
export class SandboxModule {}
