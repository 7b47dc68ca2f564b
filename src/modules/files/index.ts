export { FilesModule } from './files.module.js';
export { FilesService, type NewFile } from './files.service.js';
export type { FilePurpose, FileRecord, WorkspaceFileKind, WorkspaceFileRecord } from './files.types.js';
export { WorkspaceFilesService } from './workspace-files.service.js';
