import { Module } from '@nestjs/common';
import { FilesModule } from '../files/index.js';
import { SandboxModule } from '../sandbox/index.js';
import { ToolsService } from './tools.service.js';

@Module({
  imports: [FilesModule, SandboxModule],
  providers: [ToolsService],
  exports: [ToolsService],
})
export class ToolsModule {}
