import { Module } from '@nestjs/common';
import { FilesModule } from '../files/index.js';
import { SandboxModule } from '../sandbox/index.js';
import { SessionsModule } from '../sessions/index.js';
import { ToolsModule } from '../tools/index.js';
import { VectorStoresModule } from '../vector-stores/index.js';
import { CodeWorkspaces } from './python-coder/code-workspaces.js';
import { PythonCoderController } from './python-coder/python-coder.controller.js';
import { PythonCoderService } from './python-coder/python-coder.service.js';
import { WorkspaceTexts } from './python-coder/workspace-texts.js';
import { AnswerWriter } from './rag/answer-writer.js';
import { CollectionsService } from './rag/collections.service.js';
import { DocumentsService } from './rag/documents.service.js';
import { RagController } from './rag/rag.controller.js';
import { RagQueryService } from './rag/rag-query.service.js';
import { ToolRoutesController } from './tool-routes.controller.js';
import { ToolRoutesService } from './tool-routes.service.js';

/** The server's tools as the third seed's clients call them, without a model. */
@Module({
  imports: [FilesModule, SandboxModule, SessionsModule, ToolsModule, VectorStoresModule],
  controllers: [ToolRoutesController, PythonCoderController, RagController],
  providers: [
    ToolRoutesService,
    PythonCoderService,
    CodeWorkspaces,
    WorkspaceTexts,
    CollectionsService,
    DocumentsService,
    RagQueryService,
    AnswerWriter,
  ],
})
export class ToolRoutesModule {}
