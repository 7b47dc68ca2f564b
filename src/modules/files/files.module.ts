import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FileEntity } from './entities/file.entity.js';
import { WorkspaceFileEntity } from './entities/workspace-file.entity.js';
import { FileRemovals } from './file-removals.js';
import { FileRequestHandler } from './file-server/file-request.handler.js';
import { FileServer } from './file-server/file-server.js';
import { FileUrls } from './file-server/file-urls.js';
import { FilesHousekeeping } from './files-housekeeping.service.js';
import { FilesController } from './files.controller.js';
import { FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';
import { FileFormsService } from './file-forms.service.js';
import { WorkspaceFilesRepository } from './workspace-files.repository.js';
import { WorkspaceFilesService } from './workspace-files.service.js';

/** Files, their places in workspaces, and the server that gives them out by signed URL. */
@Module({
  imports: [TypeOrmModule.forFeature([FileEntity, WorkspaceFileEntity])],
  controllers: [FilesController],
  providers: [
    FileRemovals,
    FileRequestHandler,
    FileServer,
    FileUrls,
    FilesHousekeeping,
    FilesRepository,
    FilesService,
    FileFormsService,
    WorkspaceFilesRepository,
    WorkspaceFilesService,
  ],
  exports: [FileFormsService, FileRemovals, FilesHousekeeping, FilesService, WorkspaceFilesService],
})
export class FilesModule {}
