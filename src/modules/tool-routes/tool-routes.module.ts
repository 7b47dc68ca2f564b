import { Module } from '@nestjs/common';
import { FilesModule } from '../files/index.js';
import { SandboxModule } from '../sandbox/index.js';
import { SessionsModule } from '../sessions/index.js';
import { ToolsModule } from '../tools/index.js';
import { CodeWorkspaces } from './python-coder/code-workspaces.js';
import { PythonCoderController } from './python-coder/python-coder.controller.js';
import { PythonCoderService } from './python-coder/python-coder.service.js';
import { WorkspaceTexts } from './python-coder/workspace-texts.js';
import { ToolRoutesController } from './tool-routes.controller.js';
import { ToolRoutesService } from './tool-routes.service.js';

/** The server's tools as the third seed's clients call them, without a model. */
@Module({
  imports: [FilesModule, SandboxModule, SessionsModule, ToolsModule],
  controllers: [ToolRoutesController, PythonCoderController],
  providers: [ToolRoutesService, PythonCoderService, CodeWorkspaces, WorkspaceTexts],
})
export class ToolRoutesModule {}
