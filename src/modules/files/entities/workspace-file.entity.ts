import { Check, Column, Entity, Index, JoinColumn, ManyToOne, Unique, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { WorkspaceFileKind } from '../files.types.js';
import type { FileEntity } from './file.entity.js';

/** The workspace comes first in the key: the file server knows it, and no project. */
@Entity('workspace_files')
@Unique(['workspaceId', 'projectId', 'kind', 'name'])
@Check('workspace_files_kind', `"kind" IN ('uploaded', 'generated')`)
export class WorkspaceFileEntity extends TenantEntity {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  /** The id of a thread or of a chat completion. */
  @Column('text', { name: 'workspace_id' })
  workspaceId: string;

  @Index()
  @Column('text', { name: 'file_id' })
  fileId: string;

  @ManyToOne('FileEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'file_id' })
  file?: Relation<FileEntity>;

  @Column('text')
  name: string;

  @Column('text')
  kind: WorkspaceFileKind;
}
